namespace Involute.Gpu.Steps;

/// <summary>A step as a list of instructions on slots, as <c>Kernels/steps.h</c> runs it.</summary>
/// <remarks>
/// An instruction is four words: operation | destination · 2¹⁶; a | b · 2¹⁶; c | d · 2¹⁶; index. An operand is a slot, or with
/// <see cref="ConstantBit"/> a constant. Of random numbers the third word is the stream. The first slots are the state.
/// </remarks>
/// <param name="Code">The instructions: first those that depend on theta alone, which run once a segment; then a step.</param>
/// <param name="SegmentInstructions">How many run once a segment.</param>
/// <param name="Constants">Constants, as bits.</param>
/// <param name="Slots">Numbers that a lane holds, at least 1.</param>
/// <param name="StateLength">Slots of the state.</param>
/// <param name="Tables">Numbers of each step that the host works out; 0 where the step needs none of them.</param>
internal sealed record StepProgram(
    uint[] Code, int SegmentInstructions, uint[] Constants, int Slots, int StateLength, int Tables)
{
    /// <summary>Words of an instruction.</summary>
    public const int Words = 4;

    /// <summary>Marks an operand that is a constant.</summary>
    public const int ConstantBit = 1 << 15;

    /// <summary>Number of instructions.</summary>
    public int Instructions => Code.Length / Words;
}
