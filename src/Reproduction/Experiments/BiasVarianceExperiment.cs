using Involute.Estimators;
using Involute.Estimators.MetaOptimizers;
using Involute.Estimators.Noise;
using Involute.Estimators.Pairs;
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
internal sealed partial class BiasVarianceExperiment : IExperiment
{
    public string Name => "bias-variance";

    public string Summary => "Influence balancing over a finite horizon at a fixed theta: exact mean and variance of every estimator.";

    public IReadOnlyList<Parameter> Parameters { get; } =
    [
        new WholeNumber("n", 23, 1, 200, "size of the state"),
        new WholeNumber("positive", 10, 0, 200, "components that theta enters with a plus"),
        new WholeNumber("horizon", 100, 1, 1000, "steps of an episode"),
        new RealNumber("theta", 0.5, new NumberRange(-1e6, 1e6), "where the gradient is estimated"),
        new Flag("vector", false, "one theta per component instead of one for all"),
        new WholeNumber("window", 1, 1, 1000, "steps of a window"),
        new Choice(
            "estimator", EstimatorNames.Pes, ["pes", "pes-analytic", "tes", "nres", "nres-online", "full"], "gradient estimator"),
        new RealNumber("sigma", 0.1, new NumberRange(0, 100, AboveLeast: true), "standard deviation of the perturbation"),
        new WholeNumber("pairs", 400_000, 2, 1 << 24, "antithetic pairs, each of one episode"),
        new WholeNumber("seed", 1, 0, long.MaxValue, "seed"),
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
            Plan(p, isFull ? horizon : windows * window), windows, reference: mean, direction: Direction(exact, p.Is("vector")));
        return new Outcome([.. Quantities(p, exact, mean, moments, windows)], []);
    }

    // Of a vector, its length along the exact gradient: unbiased means equal.
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
            "variance-over-g2", variance / squared, varianceError / squared, Variance(theory, p.Word("estimator")) / squared);
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
}
