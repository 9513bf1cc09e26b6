using Involute.Tasks;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators.Tests.Problems;

/// <summary>Another problem, with one mistake or none.</summary>
internal sealed class ChangedProblem(IInnerProblem<float> right) : IInnerProblem<float>
{
    public double Skew { get; set; }

    public double Scale { get; set; } = 1;

    public bool Forgets { get; set; }

    public bool ResetsOnce { get; set; }

    /// <summary>Another number each time.</summary>
    public Func<double>? Extra { get; set; }

    public string Name => right.Name;

    public ThetaLayout Layout => right.Layout;

    public double CeilingLoss => right.CeilingLoss;

    public void InitialTheta(long seed, Span<float> theta) => right.InitialTheta(seed, theta);

    public double Normalize(double loss) => Scale * right.Normalize(loss);

    public IUnroll<float> CreateUnroll(int pairs, ArmSet arms) =>
        new ChangedUnroll(right.CreateUnroll(pairs, arms), this);

    private sealed class ChangedUnroll(IUnroll<float> right, ChangedProblem problem) : IUnroll<float>
    {
        private readonly HashSet<int> _reset = [];

        public int Pairs => right.Pairs;

        public ArmSet Arms => right.Arms;

        public int StateBytesPerPair => right.StateBytesPerPair;

        public void Reset(int pair, Trajectory trajectory, ArmThetas<float> thetas)
        {
            if (_reset.Add(pair) || !problem.ResetsOnce)
            {
                right.Reset(pair, trajectory, thetas);
            }
        }

        public void Advance(ReadOnlySpan<Segment> segments, ArmThetas<float> thetas, Span<StepLoss> losses)
        {
            right.Advance(segments, thetas, losses);
            for (var i = 0; problem.Extra is { } extra && i < losses.Length; i++)
            {
                losses[i] = losses[i] with { Loss = losses[i].Loss + extra() };
            }

            for (var i = 1; problem.Skew != 0 && i < losses.Length; i += Arms.Count())
            {
                losses[i] = losses[i] with { Loss = losses[i].Loss * (1 + problem.Skew) };
            }
        }

        public void Evaluate(int pair, ArmThetas<float> thetas, EvaluationKey key, Span<StepLoss> losses) =>
            right.Evaluate(pair, thetas, key, losses);

        public void ForkFromCentre(int pair) => right.ForkFromCentre(pair);

        public void Save(int pair, Span<byte> destination) => right.Save(pair, destination);

        public void Load(int pair, ReadOnlySpan<byte> source)
        {
            var state = source.ToArray();
            if (problem.Forgets)
            {
                // The second half of each lane is the optimizer's.
                state.AsSpan(state.Length * 3 / 4).Clear();
            }

            right.Load(pair, state);
            _reset.Add(pair);
        }

        public void Dispose() => right.Dispose();
    }
}
