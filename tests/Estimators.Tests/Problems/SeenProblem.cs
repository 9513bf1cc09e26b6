using Involute.Tasks;
using Involute.Tasks.Unrolls;

namespace Involute.Estimators.Tests.Problems;

/// <summary>
/// A problem whose calls are counted. Its unrolls take several segments of a pair in a call, or one round at a time as
/// those of an older plugin do.
/// </summary>
internal sealed class SeenProblem<T>(IInnerProblem<T> inner, bool byRounds) : IInnerProblem<T>
{
    /// <summary>Calls that ran steps.</summary>
    public int Calls { get; private set; }

    /// <summary>Steps that follow each other when all pairs of a call step side by side.</summary>
    public long Chain { get; private set; }

    /// <summary>Steps of all pairs.</summary>
    public long Steps { get; private set; }

    public string Name => inner.Name;

    public ThetaLayout Layout => inner.Layout;

    public double CeilingLoss => inner.CeilingLoss;

    public bool OffersTangents => inner.OffersTangents;

    public void InitialTheta(long seed, Span<T> theta) => inner.InitialTheta(seed, theta);

    public double Normalize(double loss) => inner.Normalize(loss);

    public IUnroll<T> CreateUnroll(int pairs, ArmSet arms)
    {
        var unroll = inner.CreateUnroll(pairs, arms);
        return byRounds ? new Rounds(this, unroll) : new Windows(this, unroll);
    }

    public ITangentUnroll<T> CreateTangentUnroll(int pairs, ArmSet arms)
    {
        var unroll = inner.CreateTangentUnroll(pairs, arms);
        return byRounds ? new TangentRounds(this, unroll) : new TangentWindows(this, unroll);
    }

    private void See(IEnumerable<Segment> segments)
    {
        Calls++;
        var steps = segments.GroupBy(segment => segment.Pair, (_, own) => own.Sum(segment => segment.Steps)).ToList();
        Chain += steps.Max();
        Steps += steps.Sum();
    }

    private class Rounds(SeenProblem<T> owner, IUnroll<T> unroll) : IUnroll<T>
    {
        public int Pairs => unroll.Pairs;

        public ArmSet Arms => unroll.Arms;

        public int StateBytesPerPair => unroll.StateBytesPerPair;

        public void Reset(int pair, Trajectory trajectory, ArmThetas<T> thetas) =>
            unroll.Reset(pair, trajectory, thetas);

        public void Advance(ReadOnlySpan<Segment> segments, ArmThetas<T> thetas, Span<StepLoss> losses)
        {
            owner.See(segments.ToArray());
            unroll.Advance(segments, thetas, losses);
        }

        public void Evaluate(int pair, ArmThetas<T> thetas, EvaluationKey key, Span<StepLoss> losses) =>
            unroll.Evaluate(pair, thetas, key, losses);

        public void ForkFromCentre(int pair) => unroll.ForkFromCentre(pair);

        public void ForkFromPositive(int pair) => unroll.ForkFromPositive(pair);

        public void Save(int pair, Span<byte> destination) => unroll.Save(pair, destination);

        public void Load(int pair, ReadOnlySpan<byte> source) => unroll.Load(pair, source);

        public void Dispose() => unroll.Dispose();

        protected void AdvanceWindow(ReadOnlySpan<WindowSegment> segments, ArmThetas<T> thetas, Span<StepLoss> losses)
        {
            owner.See(segments.ToArray().Select(part => part.Segment));
            ((IWindowUnroll<T>)unroll).Advance(segments, thetas, losses);
        }
    }

    private sealed class Windows(SeenProblem<T> owner, IUnroll<T> unroll) : Rounds(owner, unroll), IWindowUnroll<T>
    {
        public void Advance(ReadOnlySpan<WindowSegment> segments, ArmThetas<T> thetas, Span<StepLoss> losses) =>
            AdvanceWindow(segments, thetas, losses);
    }

    private class TangentRounds(SeenProblem<T> owner, ITangentUnroll<T> unroll)
        : Rounds(owner, unroll), ITangentUnroll<T>
    {
        public ReadOnlySpan<T> LossTangents => unroll.LossTangents;

        public void Detach(int pair) => unroll.Detach(pair);
    }

    private sealed class TangentWindows(SeenProblem<T> owner, ITangentUnroll<T> unroll)
        : TangentRounds(owner, unroll), IWindowUnroll<T>
    {
        public void Advance(ReadOnlySpan<WindowSegment> segments, ArmThetas<T> thetas, Span<StepLoss> losses) =>
            AdvanceWindow(segments, thetas, losses);
    }
}
