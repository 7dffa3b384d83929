-- One row per account whose best contact and channel is ready at this moment: the rows of
-- outreach_candidates that are ready, found without judging all the others.
{{ candidates(ref('ready_verdicts'), ref('ready_content')) }}
