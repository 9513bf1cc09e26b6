using Involute.Tasks;
using Involute.Tasks.Plugins;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Tests.Plugins;

/// <summary>
/// The base of the plugins in these tests' assemblies; abstract, so that it is not a plugin itself.
/// </summary>
public abstract class SlopePlugin(string name) : IProblemPlugin
{
    public string Name => name;

    public IInnerProblem<float> Create(ProblemOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Text("fail", "no") == "yes"
            ? throw new InvalidOperationException("on\npurpose")
            : Problem((float)options.Number("start", 1, least: -10, most: 10));
    }

    /// <param name="start">Theta at the start; NaN for a problem that throws when it is unrolled, -∞ for one that throws when an unroll is
    /// made.</param>
    internal static IInnerProblem<float> Problem(float start) => new StepProblem<float>(new Slope(start));

    /// <summary>Each step has another loss each time.</summary>
    internal static IInnerProblem<float> Unrepeatable() => new StepProblem<float>(new Slope(1, drawsFromNoKey: true));

    /// <summary>A state that stands still, and the loss theta².</summary>
    private sealed class Slope(float start, bool drawsFromNoKey = false) : IStepFunction<float>
    {
        private int _draws;

        public string Name => "slope";

        public ThetaLayout Layout { get; } = new(("x", []));

        public int StateLength =>
            float.IsNegativeInfinity(start) ? throw new InvalidOperationException("on\npurpose") : 1;

        public void InitialTheta(long seed, Span<float> theta) => theta[0] = start;

        public void Initialise(ReadOnlySpan<float> theta, Trajectory trajectory, Span<float> state) =>
            state[0] = float.IsNaN(start) ? throw new InvalidOperationException("on\npurpose") : 1;

        public float Step(ReadOnlySpan<float> theta, StepKey key, Span<float> state) =>
            (theta[0] * theta[0]) + (drawsFromNoKey ? Interlocked.Increment(ref _draws) : 0);
    }
}
