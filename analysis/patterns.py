"""How patterns of agent sentences are written, and the ones that need context or a whole sentence.

Patterns are written over `calltone.analysis.sentences.Wording.plain`: lower-case words in full
form ("i am", "do not", "it is"), one space apart, no commas, no fillers; "." and "?" are words.
One pattern a line; a line that begins with "|" continues the one before. A pattern matches whole
words, and ``<name>`` in it stands for a shorthand.
"""

from __future__ import annotations

from calltone.analysis.sentences import Family

# Shorthands that end in a space when they match hold optional words: write "<adv>sorry".
SHORTHANDS = {
    "adv": r"(?:(?:so|very|really|truly|terribly|extremely|awfully|deeply|sincerely|just|ever"
    r"|completely|totally|fully|absolutely|quite|rather|pretty|perfectly|certainly|definitely"
    r"|incredibly|especially|most|all|too|also|actually|entirely|do|can|must|such|a|an|bit) )*",
    "strong": r"(?:so|very|really|truly|terribly|extremely|awfully|deeply|sincerely|ever so)",
    "surely": r"(?:completely|totally|fully|absolutely|really|definitely|certainly|do|can"
    r"|perfectly)",
    # Up to two, four or seven words of the same sentence.
    "two": r"(?:[^ .?]+ ){0,2}",
    "four": r"(?:[^ .?]+ ){0,4}",
    "seven": r"(?:[^ .?]+ ){0,7}",
    # The end of a sentence that stands alone.
    "end": r"(?: [.?])?$",
    # The beginning of a sentence, and what speakers say before they begin.
    "start": r"(?:(?:^|(?<=[.?] ))(?:(?:okay|right|all right|well|and|but|so|yes|no|oh|now|then"
    r"|great|perfect|i see|sir|madam|because) )*)",
    # What a customer feels, and what a thing feels like.
    "feeling": r"(?:upset|angry|cross|annoyed|frustrated|disappointed|worried|anxious|stressed"
    r"|scared|frightened|terrified|panicked|concerned|nervous|fed up|livid|furious|gutted"
    r"|heartbroken|devastated|overwhelmed|confused|embarrassed|humiliated|ashamed|lonely|alone"
    r"|let down|hurt|exhausted|tired|worn (?:out|down)|drained|foolish|lost|shaken|mad|unhappy"
    r"|unwelcome|irritated|aggravated|inconvenienced|distressed|at your wits|desperate|sad|sick)",
    "trying": r"(?:frustrating|upsetting|annoying|disappointing|worrying|stressful|scary"
    r"|frightening|terrifying|concerning|awful|horrible|horrid|dreadful|terrible|difficult|hard"
    r"|tough|rough|painful|exhausting|tiring|draining|distressing|infuriating|maddening|sickening"
    r"|unfair|embarrassing|humiliating|overwhelming|confusing|unsettling|unnerving|alarming"
    r"|irritating|aggravating|inconvenient|heartbreaking|devastating|disheartening|discouraging"
    r"|galling|nightmare|shock(?:ing)?|worry|ordeal|hassle|pain|disappointment|frustration"
    r"|inconvenience|nerve racking|nerve wracking|heavy|unpleasant|nasty|not (?:easy|nice|fun"
    r"|ideal)|no fun|miserable|bad|lonely|unacceptable|ridiculous|isolating|wearing|awkward"
    r"|stressed)",
    "plight": r"(?:frustration|disappointment|concerns?|worry|worries|anger|upset|stress"
    r"|feelings?|distress|annoyance|anxiety|pain|position|situation|predicament|hesitation|fears?)",
    "i": r"(?:i|we)",
    "we_will": r"we (?:will|are going to)",
    "will": r"(?:(?:i|we) (?:will|shall|am going to|are going to)|ill)",
    # What agents do for a customer; then the same verbs as an act going on, and as an act done.
    "act": r"(?:send|resend|get|check|look|arrange|raise|book|rebook|refund|credit|cancel"
    r"|transfer|put|pop|call|ring|phone|email|text|message|write|make|see if|see what|see whether"
    r"|find|speak|talk to|pass|escalate|add|remove|update|fix|replace|chase|follow|reset|waive"
    r"|issue|order|process|organise|sort|note|ask (?!you)|contact|hold|reserve|change|do|take"
    r"|open|pay|deliver|ship|courier|credit|correct|investigate|speed|extend|apply|log|report"
    r"|review|confirm|run|convert|restore|recover|remote|rebill|stop|stay with|keep|bring|push"
    r"|pull|connect|forward|dispatch|reverse|go ahead|have (?:someone|somebody|an|a|it|that|this"
    r"|my)|give you|help you|try|record|handle|personally)",
    "acting": r"(?:sending|resending|getting|checking|looking|arranging|raising|booking|rebooking"
    r"|refunding|crediting|cancelling|canceling|transferring|putting|popping|calling|ringing"
    r"|phoning|emailing|texting|messaging|writing|making|finding|speaking|passing|escalating"
    r"|adding|removing|updating|fixing|replacing|chasing|resetting|waiving|issuing|ordering"
    r"|processing|organising|sorting|contacting|holding|reserving|changing|taking|opening"
    r"|correcting|investigating|extending|applying|logging|reporting|reviewing|restoring|stopping"
    r"|keeping|pulling|connecting|forwarding|dispatching|reversing|blocking|moving|starting"
    r"|freezing)",
    "acted": r"(?:sent|resent|got|arranged|raised|booked|rebooked|refunded|credited|cancelled"
    r"|canceled|transferred|put|popped|called|rung|phoned|emailed|texted|messaged|written"
    r"|made sure|spoken|passed|escalated|added|removed|updated|fixed|replaced|chased|reset|waived"
    r"|issued|ordered|processed|organised|sorted|asked|contacted|held|reserved|changed|taken"
    r"|opened|corrected|extended|applied|logged|reported|reviewed|restored|stopped|pulled"
    r"|connected|forwarded|dispatched|reversed|blocked|moved|frozen|gone ahead)",
    # What is asked to know who is calling, or to fill in a field.
    "identity": r"(?:names?|surname|initials?|numbers?|digits?|postcode|post code|zip|address"
    r"|e ?mail|date of birth|birthday|born|reference|serial|password|passcode|pin|expiry"
    r"|sort code|hostname|spell|spelled|asset|relationship|make and model|membership|policyholder"
    r"|account holder|maiden|cvv|security|card used|landline|registered|registration|passengers?"
    r"|extension|station|account|employee|id|code)",
}


def family(says: str, unless: str = "") -> Family:
    """Compile the tables of one family of agent sentences."""
    return Family.of(says, unless, SHORTHANDS)


#: What a customer says to ask for something.
REQUEST = family(
    r"""
    (?:can|could|would|will) (?:you|someone|somebody|i|we)
    please
    i (?:would like|want|need)|i was hoping|is there any (?:way|chance)|any chance
    """
)

#: A promise that stands on its own, and is one only after a request.
PROMISE = family(
    r"""
    <start>(?:of course|absolutely|certainly|sure(?: thing)?|no problem|definitely
        |by all means)(?= [.]| sir| madam| i (?:can|will)|$)
    <start>(?:sure |yes |of course )*i (?:will|can)(?: certainly| definitely)?(?: do (?:that|it
        |this)| help(?: you)?)?(?: with (?:that|this|it))?(?: for you)?(?= [.]|$)
    <i> (?:can|could|would be (?:happy|glad|able) to|am happy to) <two>(?:help|assist|do|sort
        |look|check|get|arrange)
    """,
    r"(?:i|we) can not|sure if",
)

#: A bare understanding, which shares a trouble only where the customer told one.
UNDERSTANDING = family(
    r"""
    (?:i )?understand(?= [.]|$)
    i (?:hear|feel) you
    """,
    "not understand|do you understand",
)

#: Whole sentences that any customer could be told.
FORMULA = family(
    r"""
    ^(?:(?:hello|hi|hey|good (?:morning|afternoon|evening|day)|welcome)\b.*
        |.*(?:you are through to|you are speaking (?:with|to)|speaking how
        |this is \w+ (?:speaking|how)).*)<end>
    ^(?:thank you|thanks) for (?:calling|contacting|choosing|ringing) .*<end>
    ^(?:thank you|thanks) (?:so much |very much )?for (?:calling|contacting|choosing|ringing
        |holding|waiting|your (?:patience|call|time|business|custom|understanding|cooperation
        |loyalty|feedback)|bearing with|reaching out)(?: \S+){0,6}<end>
    ^(?:and |okay |so )*(?:is|was) there (?:anything|something) (?:else|more
        |further)(?: \S+){0,9}<end>
    ^(?:anything|any thing) (?:else|further)(?: \S+){0,6}<end>
    ^(?:okay |and |so )*(?:how|what) (?:can|may) (?:i|we) (?:help|assist|do)(?: \S+){0,5}<end>
    ^(?:i |we )?(?:would like to |do |must |am |are )?(?:\w+ly |so |very )?(?:apologise|sorry
        |regret) (?:for )?(?:any|the) inconvenience(?: \S+){0,8}<end>
    ^(?:my|our|please accept (?:my|our)) (?:\w+ )?apologies for (?:any
        |the) inconvenience(?: \S+){0,8}<end>
    ^your (?:call|business|satisfaction|custom) is (?:very |extremely )?(?:important
        |valuable)(?: \S+){0,6}<end>
    ^(?:we |i )(?:really |do |truly )?(?:appreciate|value) your (?:patience|business|call|custom
        |loyalty|feedback|understanding|time)(?: \S+){0,5}<end>
    ^(?:have|enjoy) (?:a|the rest of) (?:\S+ )*(?:day|evening|weekend|afternoon|morning|one|week
        |night)(?: \S+){0,3}<end>
    ^(?:this|your|the) call (?:is|may be|will be) (?:being )?(?:recorded
        |monitored)(?: \S+){0,8}<end>
    ^(?:i |we )?(?:do |completely |fully |totally )?(?:understand
        |apologise for) your (?:frustration|concern|concerns)<end>
    ^(?:sorry|thank you) (?:to keep|for keeping) you waiting<end>|^sorry to (?:have kept
        |keep) you (?:waiting|holding|on hold)<end>
    ^(?:please )?(?:do not hesitate|feel free) to (?:call|contact|reach out
        |get in touch)(?: \S+){0,9}<end>
    """
)
