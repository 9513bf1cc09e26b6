using System.Collections.Concurrent;
using Involute.Estimators.MetaOptimizers;
using Involute.Estimators.Noise;
using Involute.Estimators.Plans;
using Involute.Reproduction.ClosedForms;
using Involute.Reproduction.Measurement;
using Involute.Reproduction.Parameters;
using Involute.Reproduction.Results;
using Involute.Tasks.Problems;
using Involute.Tasks.Schedules;
using Involute.Tasks.Unrolls;

namespace Involute.Reproduction.Experiments;

/// <summary>
/// Variance of an estimate of a whole episode against the number of unrolls that the episode is cut into.
/// </summary>
internal sealed class VarianceVsUnrollsExperiment : IExperiment
{
    private const int Text = 1000;
    private const double LstmSigma = 1e-3;
    private const double LinearSigma = 0.1;

    private static readonly ConcurrentDictionary<(bool Repeated, long Seed), Lazy<double[]>> LstmGradients = [];

    private const int LstmLength = 790;

    public string Name => "variance-vs-unrolls";

    public string Summary =>
        "One episode cut into more and more unrolls: how the variance changes depends on the unrolls' gradients.";

    public IReadOnlyList<Parameter> Parameters { get; } =
    [
        new WholeNumber("dimension", 16, 1, 1000, "length of theta; 790 for lstm-…"),
        new Choice(
            "gradients", "identical", ["identical", "orthonormal", "lstm-random", "lstm-repeated"],
            "gradients of the unrolls: given, or those of a small LSTM on 1000 characters"),
        new WholeNumber("unrolls", 16, 1, 1000, "windows of an episode"),
        new Choice("estimator", EstimatorNames.Pes, ["pes", "nres", "full", "tes"], "gradient estimator"),
        new WholeNumber("pairs", 200_000, 2, 1 << 24, "antithetic pairs"),
        new WholeNumber("seed", 1, 0, long.MaxValue, "seed"),
    ];

    public IReadOnlyList<Case> Cases(bool quick) => quick
        ? [.. Linear().Where((_, i) => i % 3 == 0).Select(c => c.At("pairs=20000"))]
        : [.. Linear(), .. Lstm()];

    public void Check(ParameterValues p)
    {
        var unrolls = p.Whole("unrolls");
        if (p.Word("gradients") == "orthonormal" && unrolls > p.Whole("dimension"))
        {
            throw ParameterValues.Conflict(
                "there are no more orthonormal vectors than dimensions", "unrolls up to dimension");
        }

        if (p.Word("gradients").StartsWith("lstm", StringComparison.Ordinal) && Text % unrolls != 0)
        {
            throw ParameterValues.Conflict($"{unrolls} unrolls do not divide {Text} characters", "a divisor of 1000");
        }
    }

    public Outcome Run(ParameterValues p) => p.Word("gradients") switch
    {
        "lstm-random" => Lstm(p, repeated: false),
        "lstm-repeated" => Lstm(p, repeated: true),
        var gradients => Linear(p, gradients == "orthonormal"),
    };

    public IEnumerable<Quantity> Compare(IReadOnlyList<CaseOutcome> cases, bool quick)
    {
        var (few, many) = (OfRandomText(cases, 10), OfRandomText(cases, 100));
        if (few is not null && many is not null)
        {
            yield return new Quantity(
                "lstm-random pes: variance at 100 / 10 unrolls",
                many.Outcome["variance-over-g2"] / few.Outcome["variance-over-g2"],
                null,
                Expectation.Between(8, 10.5, "9.18 (theory)"));
        }
    }

    public Figure Draw(IReadOnlyList<CaseOutcome> cases) => new LinesFigure(
        "variance-vs-unrolls",
        "Variance of one pair's estimate of an episode",
        "unrolls of an episode",
        "variance / |gradient|²",
        [
            .. cases.GroupBy(c => $"{c.Parameters.Word("gradients")}, {c.Parameters.Word("estimator")}").Select(
                line => new Curve(
                line.Key,
                [.. line.Select(c => (double)c.Parameters.Whole("unrolls"))],
                [.. line.Select(c => c.Outcome["variance-over-g2"])])),
        ],
        LogX: true);

    private static Outcome Linear(ParameterValues p, bool orthonormal)
    {
        var (dimension, unrolls) = (p.Whole("dimension"), p.Whole("unrolls"));
        var theory = new QuadraticVariance(
            [.. Enumerable.Range(0, unrolls).Select(j => Row(j, dimension, orthonormal))]);
        var problem = new MemorylessLinear<double>(dimension, orthonormal);
        var moments = Measure(p, problem, unrolls, steps: 1, LinearSigma, theory.Gradient);
        var exact = p.Word("estimator") switch
        {
            EstimatorNames.Pes => theory.Persistent,
            EstimatorNames.Tes => theory.Truncated,
            _ => theory.NoiseReuse,
        };
        return Outcome.Of(Ratio(moments, theory.SquaredNorm, exact));
    }

    private static Outcome Lstm(ParameterValues p, bool repeated)
    {
        var unrolls = p.Whole("unrolls");
        var gradient = LstmGradients
            .GetOrAdd((repeated, p.Seed), key => new(() => LstmGradient(key.Repeated, key.Seed))).Value;
        var moments = Measure(p, new ToyLstm<double>(repeated), unrolls, Text / unrolls, LstmSigma, gradient);
        var squared = gradient.Sum(g => g * g);
        var isOneNoise = p.Word("estimator") is EstimatorNames.Nres or EstimatorNames.Full || unrolls == 1;
        return Outcome.Of(Ratio(moments, squared, isOneNoise ? (gradient.Length + 1) * squared : null));
    }

    private static PairMoments Measure(
        ParameterValues p, IStepFunction<double> problem, int unrolls, int steps, double sigma, double[] gradient)
    {
        var isFull = p.Word("estimator") == EstimatorNames.Full;
        var plan = new TrainingPlan<double>(
            new StepProblem<double>(problem),
            Estimators.Create(p.Word("estimator")),
            new GaussianNoise<double>(sigma),
            new ConstantSchedule(unrolls * steps),
            new WindowSettings(p.Seed, steps, 0, WindowLoss.Sum),
            new MetaSgd<double>(0),
            p.Whole("pairs"));
        return Episodes.Measure(plan, isFull ? 1 : unrolls, reference: gradient);
    }

    private static Quantity Ratio(PairMoments moments, double squared, double? exact) => Quantity.Mean(
        "variance-over-g2", moments.Variance / squared, moments.VarianceError / squared, exact / squared);

    // Window j depends on its own theta only.
    private static double[][] Row(int j, int dimension, bool orthonormal) =>
        [.. Enumerable.Range(0, j + 1)
            .Select(tau => tau == j ? UnitVector(j, dimension, orthonormal) : new double[dimension])];

    private static double[] UnitVector(int j, int dimension, bool orthonormal) =>
        [.. Enumerable.Range(0, dimension).Select(i => orthonormal ? (i == j ? 1.0 : 0) : 1 / Math.Sqrt(dimension))];

    private static double[] LstmGradient(bool repeated, long seed)
    {
        var problem = new ToyLstm<double>(repeated);
        var theta = new double[problem.Layout.Length];
        problem.InitialTheta(seed, theta);
        return CentralDifference.Gradient(problem, theta, Text);
    }

    private static CaseOutcome? OfRandomText(IReadOnlyList<CaseOutcome> cases, int unrolls) => cases.FirstOrDefault(c =>
        c.Parameters.Word("gradients") == "lstm-random" && c.Parameters.Word("estimator") == EstimatorNames.Pes
        && c.Parameters.Whole("unrolls") == unrolls);

    // The first case has the default values. The figure sorts nothing, so the unrolls descend in each line.
    private static IEnumerable<Case> Linear() =>
    [
        Given("", 8.5625), Given("unrolls=8", 9.125), Given("unrolls=4", 10.25), Given("unrolls=2", 12.5),
        Given("unrolls=1", 17),
        Given("gradients=orthonormal unrolls=16", 137), Given("gradients=orthonormal unrolls=8", 73),
        Given("gradients=orthonormal unrolls=4", 41), Given("gradients=orthonormal unrolls=2", 25),
        Given("gradients=orthonormal unrolls=1", 17),
        Given("estimator=nres unrolls=16", 17), Given("estimator=nres unrolls=4", 17),
        Given("estimator=nres gradients=orthonormal unrolls=16", 17), Given("estimator=full unrolls=16", 17),
    ];

    private static IEnumerable<Case> Lstm()
    {
        foreach (var unrolls in new[] { 500, 100, 50, 10 })
        {
            yield return Measured(
                $"gradients=lstm-repeated unrolls={unrolls}", Expectation.Within(Identical(unrolls), 0.2));
        }

        yield return Measured("gradients=lstm-repeated unrolls=1", Expectation.Within(LstmLength + 1, 0.2));
        foreach (var unrolls in new[] { 500, 100, 10, 1 })
        {
            yield return Measured($"gradients=lstm-random unrolls={unrolls}", null);
        }

        foreach (var unrolls in new[] { 100, 10 })
        {
            yield return Measured(
                $"gradients=lstm-random estimator=nres unrolls={unrolls}", Expectation.Within(LstmLength + 1, 0.2));
        }
    }

    // d (J + 1) / 2J + 1 / J
    private static double Identical(int unrolls) => (LstmLength * (unrolls + 1.0) / (2 * unrolls)) + (1.0 / unrolls);

    private static Case Given(string settings, double variance) =>
        new(settings, ("variance-over-g2", _ => Expectation.Within(variance, 0.02)));

    private static Case Measured(string settings, Expectation? expected)
    {
        // Most of the time goes into 790 normal numbers per window.
        var pairs = settings.Contains("unrolls=500", StringComparison.Ordinal) ? 500 : 2500;
        var all = $"{settings} pairs={pairs}";
        return expected is null ? new Case(all) : new Case(all, ("variance-over-g2", _ => expected));
    }
}
