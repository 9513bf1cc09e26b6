namespace Involute.Gpu.Steps;

/// <summary>One number of a step that was written down: an operation on numbers before it.</summary>
/// <param name="Operation">What it is.</param>
/// <param name="A">First operand: the place of its node.</param>
/// <param name="B">Second operand.</param>
/// <param name="C">Third operand.</param>
/// <param name="D">Fourth operand.</param>
/// <param name="Index">Bits of a constant; else the index into theta, state, tables or a random stream.</param>
/// <param name="Stream">The random stream.</param>
internal readonly record struct TraceNode(
    Operation Operation, int A = 0, int B = 0, int C = 0, int D = 0, uint Index = 0, byte Stream = 0)
{
    /// <summary>The i-th operand.</summary>
    public int this[int i] => i switch
    {
        0 => A,
        1 => B,
        2 => C,
        _ => D,
    };
}
