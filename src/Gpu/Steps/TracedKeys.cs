using Involute.Tasks.Numbers;
using Involute.Tasks.Randomness;

namespace Involute.Gpu.Steps;

/// <summary>The keys of a step that is written down.</summary>
/// <param name="example">
/// A key that <see cref="Of"/> calls its functions with. What they return is not used: the host asks again for each step.
/// </param>
internal sealed class TracedKeys(StepKey example) : ILaneSource<Traced, float>
{
    /// <summary>Calls of <see cref="Of"/>: numbers that the host works out for each step, in this order.</summary>
    public int Tables { get; private set; }

    /// <inheritdoc/>
    public Traced InnerStep => Traced.Of(new TraceNode(Operation.InnerStep));

    /// <inheritdoc/>
    public Traced Normal(RandomStream stream, uint index) =>
        Traced.Of(new TraceNode(Operation.Normal, Index: index, Stream: (byte)stream));

    /// <inheritdoc/>
    public Traced Uniform(RandomStream stream, uint index) =>
        Traced.Of(new TraceNode(Operation.Uniform, Index: index, Stream: (byte)stream));

    /// <inheritdoc/>
    public Traced Of(Func<StepKey, float> value)
    {
        try
        {
            value(example);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // It may have no number for this key, which no step has: a table that is shorter. What it says to real ones counts.
        }

        return Traced.Of(new TraceNode(Operation.Table, Index: (uint)Tables++));
    }
}
