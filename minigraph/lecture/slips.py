"""Where the lecture's slides slip: what they print, what is right, and why."""

from dataclasses import dataclass

__all__ = ["SLIPS", "Slip"]


@dataclass(frozen=True)
class Slip:
    """A slip of the pen in the lecture.

    Parameters
    ----------
    where
        The place in the lecture.
    printed
        What is printed there.
    right
        What is meant.
    why
        How one sees it.
    step
        The step, 1 to 5, that it belongs to.
    examples
        The letters of the worked examples that it touches; empty where it touches none.

    Examples
    --------
    >>> slip = SLIPS[0]
    >>> print(slip.printed, "but", slip.right)
    ŷ₂ = e^{z₁} / Σⱼ e^{zⱼ} but ŷ₂ = e^{z₂} / Σⱼ e^{zⱼ}
    >>> [slip.right for slip in SLIPS if "A" in slip.examples]
    ['ŷ₂ = e^{z₂} / Σⱼ e^{zⱼ}']
    """

    where: str
    printed: str
    right: str
    why: str
    step: int
    examples: tuple[str, ...] = ()


SLIPS = (
    Slip(
        where="Simple Illustration, the summary and the slides after it",
        printed="ŷ₂ = e^{z₁} / Σⱼ e^{zⱼ}",
        right="ŷ₂ = e^{z₂} / Σⱼ e^{zⱼ}",
        why="Each class has its own logit; as printed, ŷ₁ and ŷ₂ would be equal.",
        step=2,
        examples=("A",),
    ),
    Slip(
        where="Another Approach, the summary with one-hot labels, third derivative",
        printed="∂L/∂wᵢ = ŷᵢ − yᵢ",
        right="∂L/∂bᵢ = ŷᵢ − yᵢ",
        why="The derivative by the weight stands one line above and carries the factor x; "
        "without that factor it is the one by the bias.",
        step=4,
        examples=("D", "E"),
    ),
    Slip(
        where="Another Approach, the long derivation of ∂L/∂zᵢ",
        printed="−ŷᵢ(1 − ŷᵢ) − Σ_{k≠i} yₖŷᵢ = … = ŷᵢ(yᵢ − Σ_{k≠i} yₖ) − yᵢ",
        right="−yᵢ(1 − ŷᵢ) + Σ_{k≠i} yₖŷᵢ = ŷᵢ(yᵢ + Σ_{k≠i} yₖ) − yᵢ = ŷᵢ − yᵢ",
        why="The term k = i is −yᵢ/ŷᵢ · ŷᵢ(1 − ŷᵢ), and the minus before the other terms meets "
        "the minus of −ŷₖŷᵢ. The last step uses Σₖ yₖ = 1; with the printed signs it fails.",
        step=4,
        examples=("D", "E"),
    ),
    Slip(
        where="Generalization - Batch, the derivative by a weight",
        printed="∂L⁽ᵘ⁾/∂wᵢⱼ = xᵢ⁽ᵘ⁾(ŷᵢ⁽ᵘ⁾ − δ(i, y⁽ᵘ⁾))",
        right="∂L⁽ᵘ⁾/∂wᵢⱼ = xⱼ⁽ᵘ⁾(ŷᵢ⁽ᵘ⁾ − δ(i, y⁽ᵘ⁾))",
        why="wᵢⱼ joins feature j to class i, so its derivative carries feature j, as the slide "
        "for a single example has it.",
        step=4,
        examples=("C",),
    ),
    Slip(
        where="Mini-batch example, step 4",
        printed="⅓ x⁽¹⁾(0.4039 − 1) + x⁽²⁾·0.5324 + x⁽³⁾·0.5768",
        right="⅓ [x⁽¹⁾(0.4039 − 1) + x⁽²⁾·0.5324 + x⁽³⁾·0.5768]",
        why="The loss is the mean of three; ⅓ scales the whole sum, as in the line above and in "
        "the result.",
        step=4,
        examples=("C",),
    ),
    Slip(
        where="Mini-batch example, step 3",
        printed="log ŷ₁⁽¹⁾ = −0.90",
        right="log ŷ₁⁽¹⁾ = −0.9065",
        why="The figure is cut off after two places; rounded to two it is −0.91.",
        step=3,
        examples=("C",),
    ),
)
"""The slips of the lecture."""
