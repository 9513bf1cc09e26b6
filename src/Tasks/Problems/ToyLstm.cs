using System.Numerics;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Tasks.Problems;

/// <summary>
/// A character model (one LSTM layer of 5 units, 50 characters, 790 parameters) whose weights are theta: one step reads
/// a character, and its loss is the cross entropy of the next. Characters are uniformly random, or always the same.
/// </summary>
/// <remarks>The variance experiment of the PES paper. All pairs read the same text: only their noise differs.</remarks>
public sealed class ToyLstm<T>(bool repeated, long textSeed = 1) : IStepFunction<T>
    where T : struct, IFloatingPointIeee754<T>
{
    private const int Units = 5;
    private const int Vocabulary = 50;
    private const int Gates = Vocabulary * Units;
    private const int Output = Gates + (4 * Units * ((2 * Units) + 2));

    /// <inheritdoc/>
    public string Name => "toy-lstm";

    /// <inheritdoc/>
    public ThetaLayout Layout { get; } = new(
        ("embedding", [Vocabulary, Units]), ("gates", [4 * Units, (2 * Units) + 2]),
        ("output", [Vocabulary, Units + 1]));

    /// <inheritdoc/>
    public int StateLength => LstmCell.StateLength(Units);

    /// <inheritdoc/>
    public void InitialTheta(long seed, Span<T> theta)
    {
        new CounterStream(seed, 0, 0, 0, RandomStream.ThetaInitialisation).FillNormal(theta, 0.3);

        // No preference for any character: with one, the gradients of random characters would have a common part.
        for (var character = 1; character <= Vocabulary; character++)
        {
            theta[Output + (character * (Units + 1)) - 1] = T.Zero;
        }
    }

    /// <inheritdoc/>
    public void Initialise(ReadOnlySpan<T> theta, Trajectory trajectory, Span<T> state) => state.Clear();

    /// <inheritdoc/>
    public T Step(ReadOnlySpan<T> theta, StepKey key, Span<T> state)
    {
        var hidden = LstmCell.Advance(
            theta[Gates..Output], theta.Slice(Character(key.InnerStep) * Units, Units), state);
        return Readout.CrossEntropy(theta[Output..], hidden, Character(key.InnerStep + 1));
    }

    private int Character(uint place) =>
        repeated ? 0 : new CounterStream(textSeed, 0, 0, 0, RandomStream.TaskSample).Integer(place, Vocabulary);
}
