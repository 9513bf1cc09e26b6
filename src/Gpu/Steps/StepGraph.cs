using Involute.Tasks.Numbers;
using Involute.Tasks.Randomness;
using Involute.Tasks.Tangents;

namespace Involute.Gpu.Steps;

/// <summary>What one call of a step computes, as a graph.</summary>
/// <param name="Nodes">Numbers; operands stand before what is made of them.</param>
/// <param name="State">For each element of the state the number that it is after the step.</param>
/// <param name="Loss">The step's loss.</param>
/// <param name="Tables">Numbers of each step that the host works out.</param>
internal sealed record StepGraph(IReadOnlyList<TraceNode> Nodes, int[] State, int Loss, int Tables)
{
    // Two steps that differ in all that a key has, and of which most tables know.
    private static readonly StepKey First = new(new TrajectoryKey(0, 0, 0), 0);
    private static readonly StepKey Second = new(new TrajectoryKey(1, 1, 1), 1);

    /// <summary>Writes down what a step does.</summary>
    /// <exception cref="TraceException">What it does depends on more than its numbers.</exception>
    public static StepGraph Of(IPackedStep<float> step)
    {
        var (first, second) = (Of(step, First), Of(step, Second));
        return first.Nodes.SequenceEqual(second.Nodes) && first.State.AsSpan().SequenceEqual(second.State)
                && first.Loss == second.Loss
            ? first
            : throw new TraceException("its operations are not the same in each call");
    }

    private static StepGraph Of(IPackedStep<float> step, StepKey example)
    {
        var (theta, state) = (new Traced[step.Layout.Length], new Traced[step.StateLength]);
        var (keys, loss) = (new TracedKeys(example), 0);
        var trace = Trace.Of(_ =>
        {
            for (var i = 0; i < theta.Length; i++)
            {
                theta[i] = Traced.Of(new TraceNode(Operation.Theta, Index: (uint)i));
            }

            for (var i = 0; i < state.Length; i++)
            {
                state[i] = Traced.Of(new TraceNode(Operation.State, Index: (uint)i));
            }

            loss = step.Step(theta, new LaneKeys<Traced, float>(keys), state.AsSpan()).Place;
        });
        return new StepGraph(trace.Nodes, Array.ConvertAll(state, number => number.Place), loss, keys.Tables);
    }
}
