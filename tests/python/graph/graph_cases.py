"""The records of the cases of identity. Each name says which case the record belongs to."""

HEADER = "Company Name,Arabic Name,Contact Name,Email,Phone,Second Phone,Website,City,Place ID,Opt Out"

CASES = (
    # One company in two spellings, by name and city alone.
    "Spelling Trading Co.,,,,0112345001,,,Riyadh,,",
    "شركة الوصل المحدودة,,,,0112345002,,,الرياض,,",
    "شركه الوصل,,,info@wasl-example.sa,,,,Riyadh,,",
    "SPELLING-TRADING L.L.C.,,,info@spelling-trading.sa,,,,رياض,,",
    # Namesakes: the same name in one city with domains of their own, and in two cities.
    "Namesake Foods,,,,0112345005,,https://namesake-one.sa,Riyadh,,",
    "Namesake Foods,,,,0112345006,,https://namesake-two.sa,Riyadh,,",
    # The same name and city, but other phones: a person has to look.
    "Otherphone Foods,,,,0112345041,,,Riyadh,,",
    "Otherphone Foods,,,,0112345042,,,Riyadh,,",
    "Twocity Foods,,,,0112345007,,,Riyadh,,",
    "Twocity Foods,,,,0122345007,,,Jeddah,,",
    # Hosts and mailboxes that everybody shares.
    "Social Alpha,,,,0112345008,,https://www.facebook.com/socialalpha,Riyadh,,",
    "Social Beta,,,,0112345009,,https://facebook.com/socialbeta,Jeddah,,",
    "Social Alpha Branch,,,,0112345010,,https://m.facebook.com/SocialAlpha/,Dammam,,",
    "Freemail Alpha,,,shared.mailbox@gmail.com,0112345011,,,Riyadh,,",
    "Freemail Beta,,,shared.mailbox@gmail.com,0122345011,,,Jeddah,,",
    # A call centre: four unlike names on one number; two records of one of the names.
    "Hub Alpha,,,,920012345,,,Riyadh,,",
    "Hub Beta,,,,920012345,,,Jeddah,,",
    "Hub Gamma,,,,920012345,,,Dammam,,",
    "Hub Delta,,,,920012345,,,Abha,,",
    "Hub Delta,,,,920012345,,,Tabuk,,",
    # Branches of one company, by its domain.
    "Branch Clinics Olaya,,Person One,info@branch-clinics.sa,0112345012,,,Riyadh,ChIJbranch001,",
    "Branch Clinics Malaz,,Person Two,ali@branch-clinics.sa,0112345013,,,Riyadh,ChIJbranch002,",
    "Branch Clinics,,,,0112345014,,branch-clinics.sa,Jeddah,,yes",
    # Trades and not names.
    "Pharmacy,,,,0112345015,,,Riyadh,,",
    "Pharmacy,,,,0112345016,,,Riyadh,,",
    # Two unlike names: on one number, and on one number and one domain.
    "Unlike Alpha,,,,0555500001,,https://alpha-unlike.sa,Riyadh,,",
    "Different Beta,,,,0555500001,,https://beta-different.sa,Riyadh,,",
    "Sparkle Brand,,,,0112345031,,https://retailco.sa,Riyadh,,",
    "Retail Holding Firm,,,,0112345031,,https://retailco.sa,Riyadh,,",
    # The same company in two scripts: on one number, by the consonants; by number and domain, translated.
    "Bassam Tamimi,,,,0112345032,,,Riyadh,,",
    "بسام التميمي,,,,0112345032,,,Riyadh,,",
    "Palm Dates,,,,0112345033,,https://nakheel.sa,Riyadh,,",
    "تمور النخيل,,,,0112345033,,https://nakheel.sa,Riyadh,,",
    # One number for two records that a person will tell apart, and two that nothing links but a person.
    "Decided Alpha,,,,0112345017,,https://decided.sa,Riyadh,,",
    "Decided Beta,,,,0112345017,,https://decided.sa,Jeddah,,",
    "Decided Gamma,,,,0112345018,,,Riyadh,,",
    "Decided Delta,,,,0112345019,,,Jeddah,,",
    # A disputed company: two of its records are told apart, the third has the name of the second.
    "Disputed North,,,,,,https://disputed.sa,Riyadh,,",
    "Disputed South,,,,,,https://disputed.sa,Jeddah,,",
    "Disputed South,,,,,,https://disputed.sa,Jeddah,,",
    # No name, no identifier.
    "-,,,,0112345020,,,Riyadh,,",
    "Nobody Reachable,,,,12345,,not available.,Riyadh,,",
)

# Companies of which nothing but a name and a number is known.
BARE_NAMES = (
    *("Falcon", "Oasis", "Saffron", "Marble", "Copper", "Lantern", "Cedar", "Harbour"),
    *("Pearl", "Quartz", "Jasmine", "Anchor", "Thunder", "Velvet", "Walnut", "Zenith"),
    *("Bamboo", "Cactus", "Dolphin", "Ember", "Fossil", "Glacier", "Hazel", "Indigo"),
    *("Jupiter", "Kestrel", "Lagoon", "Magnet", "Nomad", "Olive", "Pebble", "Quiver"),
    *("Raven", "Sable", "Topaz", "Umber", "Violet", "Willow", "Yonder", "Zephyr"),
)
BARE = [f"{name},,,,01123{47000 + number},,,Riyadh,," for number, name in enumerate(BARE_NAMES)]
