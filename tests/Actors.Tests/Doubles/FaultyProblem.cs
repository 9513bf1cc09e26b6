using Involute.Tasks;
using Involute.Tasks.Unrolls;

namespace Involute.Actors.Tests.Doubles;

/// <summary>A problem that throws, a number of times, when a pair reaches an inner step of a trajectory.</summary>
internal sealed class FaultyProblem(
    IInnerProblem<float> inner, int pair, uint trajectory, int step, int times, Func<Exception> fault)
    : IInnerProblem<float>
{
    private int _thrown;

    public int Thrown => _thrown;

    public string Name => inner.Name;

    public ThetaLayout Layout => inner.Layout;

    public double CeilingLoss => inner.CeilingLoss;

    public void InitialTheta(long seed, Span<float> theta) => inner.InitialTheta(seed, theta);

    public double Normalize(double loss) => inner.Normalize(loss);

    public IUnroll<float> CreateUnroll(int pairs, ArmSet arms) => new Unroll(this, inner.CreateUnroll(pairs, arms));

    private void Look(Segment segment)
    {
        var key = segment.Key;
        var isThere = key.Pair == pair && key.Trajectory == trajectory
            && step >= segment.FirstStep && step < segment.FirstStep + segment.Steps;
        if (isThere && Interlocked.Increment(ref _thrown) <= times)
        {
            throw fault();
        }
    }

    private sealed class Unroll(FaultyProblem owner, IUnroll<float> lanes) : IUnroll<float>
    {
        public int Pairs => lanes.Pairs;

        public ArmSet Arms => lanes.Arms;

        public int StateBytesPerPair => lanes.StateBytesPerPair;

        public void Reset(int pair, Trajectory trajectory, ArmThetas<float> thetas) =>
            lanes.Reset(pair, trajectory, thetas);

        public void Advance(ReadOnlySpan<Segment> segments, ArmThetas<float> thetas, Span<StepLoss> losses)
        {
            foreach (var segment in segments)
            {
                owner.Look(segment);
            }

            lanes.Advance(segments, thetas, losses);
        }

        public void Evaluate(int pair, ArmThetas<float> thetas, EvaluationKey key, Span<StepLoss> losses) =>
            lanes.Evaluate(pair, thetas, key, losses);

        public void ForkFromCentre(int pair) => lanes.ForkFromCentre(pair);

        public void Save(int pair, Span<byte> destination) => lanes.Save(pair, destination);

        public void Load(int pair, ReadOnlySpan<byte> source) => lanes.Load(pair, source);

        public void Dispose() => lanes.Dispose();
    }
}
