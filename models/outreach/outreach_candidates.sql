-- One row per account: its best contact and channel at this moment, with the verdict and the
-- reasons for it.
{{ candidates(ref('live_verdicts'), ref('outreach_content')) }}
