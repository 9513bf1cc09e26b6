using Involute.Estimators;
using Involute.Estimators.MetaOptimizers;
using Involute.Estimators.Noise;
using Involute.Estimators.Plans;
using Involute.Reproduction.Measurement;
using Involute.Reproduction.Parameters;
using Involute.Reproduction.Results;
using Involute.Tasks.Components;
using Involute.Tasks.Problems;
using Involute.Tasks.Schedules;
using Involute.Tasks.Unrolls;

namespace Involute.Reproduction.Experiments;

/// <summary>
/// Learns two parameters of a chaotic system; first the variance of estimates at a fixed theta, then training.
/// </summary>
internal sealed class LorenzExperiment : IExperiment
{
    private const int TestStarts = 300;
    private const int TestEvery = 50;

    private static readonly int[] AllSeeds = [101, 103, 107, 109, 113];

    private static readonly (string, Func<Quantity, Expectation>)[] AtStart =
    [
        ("pes/nres", _ => Expectation.Between(10.4, 12.4, "11.4")),
        ("full/nres", _ => Expectation.Between(5.5, 6.7, "6.1")),
    ];

    private static readonly (string, Func<Quantity, Expectation>)[] AtEnd =
    [
        ("pes/nres", _ => Expectation.Between(14.3, 18.3, "16.3")),
        ("full/nres", _ => Expectation.Between(1.02, 1.22, "1.12")),
    ];

    private static readonly (string, Func<Quantity, Expectation>) Trained =
        ("tail-mean", _ => Expectation.AtMost(50, "45.6 to 48.2"));

    public string Name => "lorenz";

    public string Summary =>
        "Two parameters of the Lorenz system, whose unrolls are chaotic (NRES paper, section 5.1).";

    public IReadOnlyList<Parameter> Parameters { get; } =
    [
        new RealNumbers("theta", [3.116, 3.7], 2, 2, new NumberRange(-100, 100), "ln a and ln r, initially"),
        new RealNumber(
            "sigma", 0.04, new NumberRange(0, 100, AboveLeast: true), "standard deviation of the perturbation"),
        new WholeNumber("window", 100, 1, 100_000, "steps of a window; a divisor of the horizon"),
        new WholeNumber("horizon", 2000, 1, 100_000, "steps of an episode"),
        new WholeNumber("pairs", 200, 1, 1 << 24, "antithetic pairs in training"),
        new WholeNumber("episodes", 20_000, 0, 1 << 24, "episodes of the variance part; 0 leaves it out"),
        new Choice(
            "estimator", EstimatorNames.Nres, ["nres", "pes", "gpes", "full", "tes", "tbptt"],
            "gradient estimator in training"),
        new WholeNumber("stretch", 500, 1, 100_000, "steps that share a perturbation of gpes"),
        new WholeNumber("iterations", 5000, 0, 10_000_000, "updates of theta; 0 leaves training out"),
        new RealNumber("lr", 1e-5, new NumberRange(0, 1e6), "learning rate of gradient descent"),
        new WholeNumber("seed", 101, 0, long.MaxValue, "seed"),
    ];

    public IReadOnlyList<Case> Cases(bool quick)
    {
        if (quick)
        {
            return
            [
                new("iterations=0 episodes=4000", AtStart),
                new(
                    "episodes=0 iterations=400 pairs=50",
                    ("tail-mean", _ => Expectation.AtMost(200, "falls from 312"))),
            ];
        }

        return
        [
            new("", [.. AtStart, Trained]),
            new("theta=2.38,3.285 iterations=0", AtEnd),
            .. Seeds("").Skip(1).Select(settings => new Case(settings, Trained)),
            .. Seeds("estimator=pes").Select(settings => new Case(settings)),
            .. Seeds("estimator=gpes").Select(settings => new Case(settings)),
            .. Seeds("estimator=full lr=3e-5 iterations=2000 pairs=10").Select(settings => new Case(settings)),
            .. Seeds("estimator=tes lr=3e-4").Select(settings => new Case(settings)),
            .. Seeds("estimator=tbptt lr=3e-4 iterations=10000 pairs=20").Select(settings => new Case(settings)),
        ];
    }

    public void Check(ParameterValues p)
    {
        if (p.Whole("horizon") % p.Whole("window") != 0)
        {
            throw ParameterValues.Conflict("the window does not divide the horizon", "a divisor of the horizon");
        }

        if (p.Whole("episodes") == 0 && p.Whole("iterations") == 0)
        {
            throw ParameterValues.Conflict("neither variance nor training", "episodes or iterations above 0");
        }
    }

    public Outcome Run(ParameterValues p)
    {
        var variance = p.Whole("episodes") > 0 ? Variance(p) : [];
        var training = p.Whole("iterations") > 0 ? Training(p) : new Outcome([], []);
        return training with { Quantities = [.. variance, .. training.Quantities] };
    }

    public IEnumerable<Quantity> Compare(IReadOnlyList<CaseOutcome> cases, bool quick)
    {
        if (quick)
        {
            yield break;
        }

        yield return Tail(cases, EstimatorNames.Nres, Expectation.AtMost(50, "45.6 to 48.2"));
        yield return Tail(cases, EstimatorNames.Pes, Expectation.Shown("51.1 to 55.4"));
        yield return Tail(cases, EstimatorNames.Gpes, Expectation.Shown("51.7 to 53.5"));
        yield return Tail(cases, EstimatorNames.Full, Expectation.Shown("44.5 to 47.2"));
        yield return Tail(cases, EstimatorNames.Tes, Expectation.AtLeast(65, "70.3 to 78.8"));
        yield return Tail(cases, EstimatorNames.Tbptt, Expectation.AtLeast(65, "71.3 to 75.2"));
        yield return new Quantity(
            "median tail-mean, pes - nres",
            Median(Tails(cases, EstimatorNames.Pes)) - Median(Tails(cases, EstimatorNames.Nres)),
            null,
            Expectation.AtLeast(2, "6.5"));
    }

    public Figure Draw(IReadOnlyList<CaseOutcome> cases) => new LinesFigure(
        "lorenz",
        "Lorenz system: loss on starts not seen in training",
        "update of theta",
        "mean squared error of z",
        [
            .. cases.Where(c => c.HasDefaultSeed).SelectMany(c => c.Outcome.Curves),
        ]);

    // With J windows of an episode: the online variance is that of the mean of J independent workers, each of which
    // gives J times the estimate of one random window. FullES runs one episode, which costs the same.
    private static IEnumerable<Quantity> Variance(ParameterValues p)
    {
        var windows = p.Whole("horizon") / p.Whole("window");
        var reuse = Measure(p, EstimatorNames.Nres);
        var persistent = Measure(p, EstimatorNames.Pes);
        var squared = (reuse.Mean(0) * reuse.Mean(0)) + (reuse.Mean(1) * reuse.Mean(1));
        var (nres, pes) = (reuse.WindowPower - (squared / windows), persistent.WindowPower - (squared / windows));
        yield return new Quantity("variance-nres", nres, reuse.WindowPowerError);
        yield return new Quantity("variance-pes", pes, persistent.WindowPowerError);
        yield return new Quantity("variance-full", reuse.Variance, reuse.VarianceError);
        yield return new Quantity("pes/nres", pes / nres);
        yield return new Quantity("full/nres", reuse.Variance / nres);
    }

    private static PairMoments Measure(ParameterValues p, string estimator) => Episodes.Measure(
        Plan(p, estimator, p.Whole("episodes"), 0, WindowLoss.Sum, new MetaSgd<double>(0)) with { PairsPerActor = 1 },
        p.Whole("horizon") / p.Whole("window"),
        1.0 / p.Whole("horizon"));

    private static Outcome Training(ParameterValues p)
    {
        // Pairs first run one horizon without an update, until they stand at random places of their episodes.
        var isFull = p.Word("estimator") == EstimatorNames.Full;
        var burnIn = isFull ? 0 : p.Whole("horizon") / p.Whole("window");
        var plan = Plan(
            p, p.Word("estimator"), p.Whole("pairs"), p.Whole("horizon"), WindowLoss.Mean,
            new SteppedSgd(step => step < burnIn ? 0 : p.Real("lr")));
        var (places, losses, theta) = (new List<double>(), new List<double>(), p.Reals("theta"));
        var testEvery = p.Whole("iterations") < 4 * TestEvery ? 1 : TestEvery;
        var steps = new SequentialTrainer<double>(plan).Run(burnIn + p.Whole("iterations"));
        foreach (var (step, index) in steps.Select((s, i) => (s, i)))
        {
            theta = step.State.Theta.Values.ToArray();
            var iteration = index + 1 - burnIn;
            if (iteration >= 0 && iteration % testEvery == 0)
            {
                places.Add(iteration);
                losses.Add(TestLoss(p, theta));
            }
        }

        return new Outcome(
            [
                new Quantity("initial-loss", TestLoss(p, p.Reals("theta"))),
                new Quantity("tail-mean", losses.TakeLast((losses.Count + 3) / 4).Average()),
                new Quantity("ln-a", theta[0]),
                new Quantity("ln-r", theta[1]),
            ],
            [new Curve(p.Word("estimator"), places, losses)]);
    }

    private static TrainingPlan<double> Plan(
        ParameterValues p, string estimator, int pairs, int offset, WindowLoss loss,
        IMetaOptimizer<double> optimizer) => new(
            new StepProblem<double>(new Lorenz<double>(p.Reals("theta")[0], p.Reals("theta")[1])),
            Estimators.Create(estimator, p.Whole("stretch")),
            new GaussianNoise<double>(p.Real("sigma")),
            new ConstantSchedule(p.Whole("horizon")),
            new WindowSettings(p.Seed, p.Whole("window"), offset, loss),
            optimizer,
            pairs,
            PairsPerActor: pairs);

    // Unperturbed, from starts that training has not seen.
    private static double TestLoss(ParameterValues p, double[] theta)
    {
        var problem = new Lorenz<double>(spread: 1);
        var losses = new double[TestStarts];
        Parallel.For(0, TestStarts, start => losses[start] = Unrolled.Sum(problem, theta, p.Whole("horizon"), start));
        return losses.Sum() / TestStarts / p.Whole("horizon");
    }

    private static Quantity Tail(IReadOnlyList<CaseOutcome> cases, string estimator, Expectation expected) =>
        Quantity.MeanOf($"{estimator}: tail-mean over {AllSeeds.Length} seeds", Tails(cases, estimator), expected);

    private static double[] Tails(IReadOnlyList<CaseOutcome> cases, string estimator) =>
    [
        .. cases.Where(c => c.Parameters.Word("estimator") == estimator && c.Parameters.Whole("iterations") > 0)
            .Select(c => c.Outcome["tail-mean"]),
    ];

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    // The first seed is the default.
    private static IEnumerable<string> Seeds(string settings) => AllSeeds.Select((seed, i) =>
        (i == 0 ? $"episodes=0 {settings}" : $"episodes=0 {settings} seed={seed}")
            .Replace("  ", " ", StringComparison.Ordinal));
}
