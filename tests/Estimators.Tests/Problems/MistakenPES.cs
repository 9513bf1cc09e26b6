using Involute.Estimators.Estimation;
using Involute.Estimators.Noise;
using Involute.Tasks.Randomness;

namespace Involute.Estimators.Tests.Problems;

/// <summary>Ways to get persistent ES wrong.</summary>
public enum Mistake
{
    None,
    ParticlesForPairs,
    SigmaForItsSquare,
    AccumulatorReadBeforeAdding,
    SamePerturbationInEveryWindow,
    AccumulatorNeverReset,
    PerturbationKeptAfterAnExactEnd,
    LossesAfterAResetCreditedToTheTrail,
    ZeroedAfterAResetInsideAWindow,
    WholeResetWindowCreditedToThePerturbation,
}

/// <summary>Persistent ES with one mistake in it.</summary>
internal sealed class MistakenPES(Mistake mistake) : IGradientEstimator<double>
{
    private readonly PersistentES<double> _right = new();

    public string Name => mistake.ToString();

    public EstimatorNeeds Needs => _right.Needs;

    public int StepsUntilNoiseChange(int age) => _right.StepsUntilNoiseChange(age);

    public NoiseKey Noise(long seed, int pair, uint window, uint trajectory, int age) =>
        mistake == Mistake.SamePerturbationInEveryWindow
            ? NoiseKey.OfStretch(seed, pair, trajectory, 0)
            : _right.Noise(seed, pair, window, trajectory, age);

    public void Fold(WindowFold<double> window, Span<double> gradient)
    {
        var (before, after) = (0.0, 0.0);
        foreach (var segment in window.Segments)
        {
            before += segment.AfterReset ? 0 : segment.Delta;
            after += segment.AfterReset ? segment.Delta : 0;
        }

        var epsilon = window.Epsilon(window.Segments[0].Noise)[0];
        ref var trail = ref window.Trail.Sum[0];
        var old = trail;
        trail += epsilon;
        var credited = mistake == Mistake.AccumulatorReadBeforeAdding ? old : trail;
        var estimate = mistake switch
        {
            Mistake.LossesAfterAResetCreditedToTheTrail => (before + after) * trail,
            Mistake.WholeResetWindowCreditedToThePerturbation when after != 0 => (before + after) * epsilon,
            _ => (before * credited) + (after * epsilon),
        };
        gradient[0] += estimate * mistake switch
        {
            Mistake.ParticlesForPairs => 2 * window.Scale,
            Mistake.SigmaForItsSquare => window.Scale * Math.Sqrt(0.5 / window.Scale),
            _ => window.Scale,
        };
        trail = (mistake, window.TrailAction) switch
        {
            (Mistake.AccumulatorNeverReset, _) or (_, TrailAction.Keep) => trail,
            (Mistake.ZeroedAfterAResetInsideAWindow, _) => 0,
            (Mistake.PerturbationKeptAfterAnExactEnd, _) or (_, TrailAction.ReplaceByCurrent) => epsilon,
            _ => 0,
        };
    }
}
