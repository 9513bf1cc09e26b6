using Involute.Estimators.MetaOptimizers;
using Involute.Estimators.Noise;
using Involute.Estimators.Plans;
using Involute.Reproduction.Measurement;
using Involute.Reproduction.Parameters;
using Involute.Reproduction.Results;
using Involute.Tasks.Components;
using Involute.Tasks.Problems;
using Involute.Tasks.Schedules;
using Involute.Tasks.Tangents;
using Involute.Tasks.Unrolls;

namespace Involute.Reproduction.Experiments;

/// <summary>Noise that both arms share must cancel up to rounding: no other result shows that they share it.</summary>
internal sealed class CommonNoiseExperiment : IExperiment
{
    // The noise costs the last digits of a loss difference: 1e3 times the rounding of doubles, amplified by 1 / sigma².
    private const double Tolerance = 1e-8;

    public string Name => "common-noise";

    public string Summary =>
        "Noise of 1e3 on every loss changes neither mean nor variance, because both arms of a pair share it.";

    public IReadOnlyList<Parameter> Parameters { get; } =
    [
        new RealNumber("noise", 1000, new NumberRange(0, 1e6), "standard deviation of the noise on each loss"),
        new WholeNumber("horizon", 10, 1, 10_000, "steps of a trajectory"),
        new RealNumber("theta", 0.3, new NumberRange(-100, 100), "the learning rate"),
        new RealNumber(
            "sigma", 0.1, new NumberRange(0, 100, AboveLeast: true), "standard deviation of the perturbation"),
        new WholeNumber("window", 2, 1, 10_000, "steps of a window"),
        new Choice("estimator", EstimatorNames.Pes, ["pes", "nres", "gpes", "full", "tes"], "gradient estimator"),
        new WholeNumber("stretch", 5, 1, 10_000, "steps that share a perturbation of gpes"),
        new WholeNumber("pairs", 20_000, 2, 1 << 24, "antithetic pairs"),
        new WholeNumber("seed", 1, 0, long.MaxValue, "seed"),
    ];

    public IReadOnlyList<Case> Cases(bool quick)
    {
        Case[] all =
        [
            new(""), new("estimator=nres"), new("estimator=gpes stretch=5"), new("estimator=tes"),
            new("estimator=full"),
        ];
        return quick ? [.. all.Select(c => c.At("pairs=1000"))] : all;
    }

    public Outcome Run(ParameterValues p)
    {
        var problem = new SmoothedQuadratic<double>([1], [1], p.Real("theta"));
        var quiet = Measure(p, problem);
        var noisy = Measure(p, new CommonNoise<double>(problem, p.Real("noise")));
        return Outcome.Of(
            new Quantity("mean", noisy.Along, noisy.AlongError, Expectation.Within(quiet.Along, Tolerance)),
            new Quantity(
                "variance", noisy.Variance, noisy.VarianceError, Expectation.Within(quiet.Variance, Tolerance)),
            new Quantity("mean-without-noise", quiet.Along, quiet.AlongError),
            new Quantity("variance-without-noise", quiet.Variance, quiet.VarianceError));
    }

    public Figure Draw(IReadOnlyList<CaseOutcome> cases) => new LinesFigure(
        "common-noise",
        "Variance with and without common noise",
        "configuration, in the table's order",
        "variance of one pair's estimate",
        [
            new Curve("with noise", Places(cases), [.. cases.Select(c => c.Outcome["variance"])]),
            new Curve("without", Places(cases), [.. cases.Select(c => c.Outcome["variance-without-noise"])]),
        ]);

    private static double[] Places(IReadOnlyList<CaseOutcome> cases) => [.. cases.Select((_, i) => i + 1.0)];

    private static PairMoments Measure(ParameterValues p, IDifferentiableStep<double> problem)
    {
        var (horizon, window, isFull) =
            (p.Whole("horizon"), p.Whole("window"), p.Word("estimator") == EstimatorNames.Full);
        var windows = isFull ? 1 : (horizon + window - 1) / window;
        var padded = isFull ? horizon : windows * window;
        var plan = new TrainingPlan<double>(
            new StepProblem<double>(FirstSteps.Of(problem, horizon, padded)),
            Estimators.Create(p.Word("estimator"), p.Whole("stretch")),
            new GaussianNoise<double>(p.Real("sigma")),
            new ConstantSchedule(padded),
            new WindowSettings(p.Seed, window, 0, WindowLoss.Sum),
            new MetaSgd<double>(0),
            p.Whole("pairs"));
        return Episodes.Measure(plan, windows);
    }
}
