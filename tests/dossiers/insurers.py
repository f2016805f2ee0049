"""The second example insurer, with figures that stay where they are when the example's are tuned."""

from schemas.checks import CheckRules, RuleCode
from schemas.readings import Source
from schemas.rules import InsurerRules, Thresholds, default_rules_path, load_rules

SECOND = load_rules(default_rules_path().with_name("littoral.yaml")).model_copy(
    update={
        "thresholds": Thresholds(
            default=0.90,
            confirmed=0.60,
            type_accept=0.85,
            type_rule_out=0.95,
            sources_that_see_all=(Source.TEXT_LAYER,),
        )
    }
)


def weigh(rules: InsurerRules, **levels: str) -> InsurerRules:
    """The same rules with other weights, by the code of the check."""
    checks = {RuleCode(code): CheckRules(level=level) for code, level in levels.items()}
    return rules.model_copy(update={"checks": {**rules.checks, **checks}})
