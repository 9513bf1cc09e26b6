using Involute.Estimators.MetaOptimizers;
using Involute.Estimators.Noise;
using Involute.Estimators.Plans;
using Involute.Reproduction.ClosedForms;
using Involute.Reproduction.Measurement;
using Involute.Reproduction.Parameters;
using Involute.Reproduction.Results;
using Involute.Tasks.Components;
using Involute.Tasks.Problems;
using Involute.Tasks.Schedules;
using Involute.Tasks.Unrolls;

namespace Involute.Reproduction.Experiments;

/// <summary>Bias and variance of estimates on influence balancing with a finite horizon and a fixed theta.</summary>
internal sealed class BiasVarianceExperiment : IExperiment
{
    private const double ExactGradient = 3571.6306256103;
    private const double Tolerance = 0.04;

    public string Name => "bias-variance";

    public string Summary =>
        "Influence balancing over a finite horizon at a fixed theta: exact mean and variance of every estimator.";

    public IReadOnlyList<Parameter> Parameters { get; } =
    [
        new WholeNumber("n", 23, 1, 200, "size of the state"),
        new WholeNumber("positive", 10, 0, 200, "components that theta enters with a plus sign"),
        new WholeNumber("horizon", 100, 1, 1000, "steps of an episode"),
        new RealNumber("theta", 0.5, new NumberRange(-1e6, 1e6), "where the gradient is estimated"),
        new Flag("vector", false, "one theta per component instead of one for all"),
        new WholeNumber("window", 1, 1, 1000, "steps of a window"),
        new Choice(
            "estimator", EstimatorNames.Pes, ["pes", "pes-analytic", "tes", "nres", "nres-online", "full"],
            "gradient estimator"),
        new RealNumber(
            "sigma", 0.1, new NumberRange(0, 100, AboveLeast: true), "standard deviation of the perturbation"),
        new WholeNumber("pairs", 400_000, 2, 1 << 24, "antithetic pairs, each of one episode"),
        new WholeNumber("seed", 1, 0, long.MaxValue, "seed"),
    ];

    public IReadOnlyList<Case> Cases(bool quick) => quick
        ? [.. All
            .Where(c =>
                c.Settings is "" or "window=10" or "estimator=tes window=10" or "estimator=nres-online window=10")
            .Select(c => c.At("pairs=20000"))]
        : All;

    private static Case[] All { get; } =
    [
        Unbiased("", 3.09417),
        Unbiased("window=2", 3.14249),
        Unbiased("window=5", 3.27086),
        Unbiased("window=10", 3.42332),
        Unbiased("window=20", 3.41297),
        Unbiased("window=25", 3.39158),
        Unbiased("window=50", 4.28716),
        Unbiased("window=100", 2),
        Case.WithMean("estimator=tes window=1", -26),
        Case.WithMean("estimator=tes window=2", -40.0625),
        Case.WithMean("estimator=tes window=5", -86.49841),
        Case.WithMean("estimator=tes window=10", -177.60965),
        Case.WithMean("estimator=tes window=20", -367.25399),
        Case.WithMean("estimator=tes window=25", -370.91239),
        Case.WithMean("estimator=tes window=50", 1008.74405),
        Unbiased("estimator=pes-analytic window=1", 2.87363),
        Unbiased("estimator=pes-analytic window=10", 2.21363),
        Unbiased("estimator=pes-analytic window=20", 1.86441),
        Unbiased("estimator=pes-analytic window=50", 1.02981),
        Unbiased("estimator=pes-analytic window=100 pairs=1000", 0),
        Unbiased("estimator=nres-online window=1", 0.049913),
        Unbiased("estimator=nres-online window=5", 0.24406),
        Unbiased("estimator=nres-online window=10", 0.453628),
        Unbiased("estimator=nres-online window=50", 1.18208),
        Vector("window=1", 68.1171),
        Vector("window=10", 71.5531),
        Vector("window=50", 58.3061),
        Vector("window=100", 24),
        Cosine("window=1", 0.038),
        Cosine("window=10", 0.112),
        Cosine("window=50", 0.9707),
        Cosine("window=100", 1),
    ];

    public void Check(ParameterValues p)
    {
        if (p.Whole("positive") > p.Whole("n"))
        {
            throw ParameterValues.Conflict("positive is larger than n", "positive from 0 to n");
        }
    }

    public Outcome Run(ParameterValues p)
    {
        var (horizon, window, estimator) = (p.Whole("horizon"), p.Whole("window"), p.Word("estimator"));
        var isFull = estimator == EstimatorNames.Full;
        var exact = new InfluenceGradients(
            p.Whole("n"), p.Whole("positive"), horizon, p.Real("theta"), p.Is("vector"), isFull ? horizon : window);
        var mean = estimator == EstimatorNames.Tes ? exact.Windows.TruncatedGradient : exact.Windows.Gradient;
        var windows = isFull ? 1 : (horizon + window - 1) / window;
        var moments = Episodes.Measure(
            Plan(p, isFull ? horizon : windows * window), windows, reference: mean,
            direction: Direction(exact, p.Is("vector")));
        return new Outcome([.. Quantities(p, exact, mean, moments, windows)], []);
    }

    public Figure Draw(IReadOnlyList<CaseOutcome> cases) => new LinesFigure(
        "bias-variance",
        "Variance of one pair's estimate of influence balancing",
        "window",
        "variance / |gradient|²",
        [
            .. cases.Where(c => !c.Parameters.Is("vector")).GroupBy(c => c.Parameters.Word("estimator"))
                .SelectMany(OverWindows),
        ],
        LogX: true);

    // For a vector, gradient and mean are components along the exact gradient: equal if the estimator is unbiased.
    private static IEnumerable<Quantity> Quantities(
        ParameterValues p, InfluenceGradients exact, double[] expected, PairMoments moments, int windows)
    {
        var theory = exact.Windows;
        var squared = theory.SquaredNorm;
        var direction = Direction(exact, p.Is("vector"));
        yield return Quantity.Exact("loss", exact.Loss);
        yield return Quantity.Exact("gradient", Along(theory.Gradient, direction));
        yield return Quantity.Mean("mean", moments.Along, moments.AlongError, Along(expected, direction));
        var (variance, varianceError) = p.Word("estimator") == EstimatorNames.NresOnline
            ? (moments.WindowPower - (squared / windows), moments.WindowPowerError)
            : (moments.Variance, moments.VarianceError);
        yield return Quantity.Mean(
            "variance-over-g2", variance / squared, varianceError / squared,
            Variance(theory, p.Word("estimator")) / squared);
        if (p.Is("vector"))
        {
            var length = Math.Sqrt(Enumerable.Range(0, direction.Length).Sum(i => moments.Mean(i) * moments.Mean(i)));
            yield return new Quantity("cosine", moments.Along / length);
        }
    }

    private static double[] Direction(InfluenceGradients exact, bool vector)
    {
        var norm = Math.Sqrt(exact.Windows.SquaredNorm);
        return vector ? [.. exact.Windows.Gradient.Select(g => g / norm)] : [1];
    }

    private static double Along(double[] vector, double[] direction) => vector.Zip(direction, (v, d) => v * d).Sum();

    private static double Variance(QuadraticVariance theory, string estimator) => estimator switch
    {
        EstimatorNames.Pes => theory.Persistent,
        EstimatorNames.PesAnalytic => theory.PersistentAnalytic,
        EstimatorNames.Tes => theory.Truncated,
        EstimatorNames.NresOnline => theory.NoiseReuseOnline,
        _ => theory.NoiseReuse,
    };

    private static TrainingPlan<double> Plan(ParameterValues p, int horizon) => new(
        new StepProblem<double>(FirstSteps.Of(
            new InfluenceBalancing<double>(p.Whole("n"), p.Whole("positive"), p.Real("theta"), p.Is("vector")),
            p.Whole("horizon"),
            horizon)),
        Estimators.Create(p.Word("estimator")),
        new GaussianNoise<double>(p.Real("sigma")),
        new ConstantSchedule(horizon),
        new WindowSettings(p.Seed, p.Whole("window"), 0, WindowLoss.Sum),
        new MetaSgd<double>(0),
        p.Whole("pairs"));

    private static IEnumerable<Curve> OverWindows(IGrouping<string, CaseOutcome> cases)
    {
        double[] windows = [.. cases.Select(c => (double)c.Parameters.Whole("window"))];
        yield return new Curve(cases.Key, windows, [.. cases.Select(c => c.Outcome["variance-over-g2"])]);
    }

    private static Case Unbiased(string settings, double variance) => new(
        settings,
        ("loss", _ => Expectation.Within(994.784358382, 1e-9)),
        ("gradient", _ => Expectation.Within(ExactGradient, 1e-9)),
        ("mean", mean => Expectation.Mean(ExactGradient, mean.StandardError ?? 0)),
        ("variance-over-g2",
            _ => variance > 0 ? Expectation.Within(variance, Tolerance) : Expectation.AtMost(1e-12, "0")));

    private static Case Vector(string settings, double variance) => new(
        $"vector=true {settings} pairs=50000",
        ("gradient", _ => Expectation.Within(Math.Sqrt(2017466.69149), 1e-9)),
        ("variance-over-g2", _ => Expectation.Within(variance, Tolerance)));

    private static Case Cosine(string settings, double cosine) => new(
        $"vector=true estimator=tes {settings} pairs=50000",
        ("cosine", _ => Expectation.Between(cosine - 0.01, cosine + 0.01, Expectation.Number(cosine))));
}
