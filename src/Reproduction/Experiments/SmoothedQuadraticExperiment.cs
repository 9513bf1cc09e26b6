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

/// <summary>
/// Estimates of the gradient of a quadratic's smoothed loss, with and without resets, against closed forms.
/// </summary>
internal sealed class SmoothedQuadraticExperiment : IExperiment
{
    private const string Second = "h=1,0.3,0.05 horizon=20 theta=0.5";
    private const string Resets = "normalisation=window-mean resets=40 pairs=20000";

    public string Name => "smoothed-quadratic";

    public string Summary =>
        "The learning rate of gradient descent on a quadratic: every estimator's expectation in closed form.";

    public IReadOnlyList<Parameter> Parameters { get; } =
    [
        new RealNumbers("h", [1], 1, 100, new NumberRange(-100, 100), "curvatures"),
        new RealNumbers(
            "x0", [1], 1, 100, new NumberRange(-1e6, 1e6),
            "where each coordinate starts; one for all, or as many as h"),
        new Horizons("horizon", 10, 10_000, "steps of a trajectory"),
        new RealNumber("theta", 0.3, new NumberRange(-100, 100), "the learning rate, or its logarithm"),
        new RealNumber(
            "sigma", 0.1, new NumberRange(0, 100, AboveLeast: true), "standard deviation of the perturbation"),
        new WholeNumber("window", 5, 1, 10_000, "steps of a window"),
        new Choice("estimator", EstimatorNames.Pes, ["pes", "nres", "gpes", "full", "tes"], "gradient estimator"),
        new WholeNumber("stretch", 5, 1, 10_000, "steps that share a perturbation of gpes"),
        new Choice("parameterization", "linear", ["linear", "log"], "theta is the learning rate, or its logarithm"),
        new WholeNumber("pairs", 1_000_000, 2, 1 << 24, "antithetic pairs"),
        new WholeNumber("seed", 1, 0, long.MaxValue, "seed"),
        new WholeNumber("resets", 0, 0, 1_000_000, "0: one trajectory; n: pairs keep running across n trajectories"),
        new Choice(
            "offset", "aligned", ["aligned", "random"], "whether trajectories start at a window's border, or anywhere"),
        new Choice(
            "normalisation", "sum", ["sum", "window-mean", "trajectory-mean"], "sum of the losses, or a mean per step"),
    ];

    public IReadOnlyList<Case> Cases(bool quick) => quick
        ? [.. All.Where((_, i) => i % 3 == 0)
            .Select(c => c.At(c.Settings.Contains("resets") ? "pairs=4000" : "pairs=100000"))]
        : All;

    private static Case[] All { get; } =
    [
        // One trajectory, h = 1, horizon 10.
        OneTrajectory("", -3.505074713, -2.67817328),
        OneTrajectory("estimator=pes window=2", -2.982052561, -2.67817328),
        OneTrajectory("estimator=pes window=1", -2.78359375, -2.67817328),
        OneTrajectory("estimator=nres", -4.032257243, -2.67817328),
        OneTrajectory("estimator=full", -4.032257243, -2.67817328),
        OneTrajectory("estimator=gpes stretch=2 window=5", -2.982052561, -2.67817328),
        OneTrajectory("estimator=tes window=1", -1.371453832, -2.67817328),
        OneTrajectory("estimator=tes window=2", -1.877695179, -2.67817328),
        OneTrajectory("estimator=tes window=5", -2.989651251, -2.67817328),

        // Three curvatures, horizon 20.
        OneTrajectory($"{Second} estimator=pes window=1", -2.181031465, -2.150570333),
        OneTrajectory($"{Second} estimator=pes window=4", -2.312022916, -2.150570333),
        OneTrajectory($"{Second} estimator=pes window=5", -2.334907112, -2.150570333),
        OneTrajectory($"{Second} estimator=pes window=10", -2.393689456, -2.150570333),
        OneTrajectory($"{Second} estimator=full", -2.430059864, -2.150570333),
        OneTrajectory($"{Second} estimator=nres window=5", -2.430059864, -2.150570333),
        OneTrajectory($"{Second} estimator=tes window=1", -0.973363555, -2.150570333),
        OneTrajectory($"{Second} estimator=tes window=5", -1.765750429, -2.150570333),
        OneTrajectory($"{Second} estimator=tes window=10", -2.133576682, -2.150570333),

        // Across resets; windows end inside trajectories.
        Case.WithMean($"{Resets} window=4", -0.3234336851),
        Case.WithMean($"{Resets} window=4 offset=random", -0.3205546526),
        Case.WithMean($"{Resets} window=5", -0.3505074718),
        Case.WithMean($"{Resets} window=5 offset=random", -0.3303787255),
        Case.WithMean($"{Resets} horizon=7 window=3", -0.4223077351),
        Case.WithMean($"{Resets} horizon=2:0.5,3:0.3,7:0.2 window=4", -0.5818668154),
        Case.WithMean($"{Resets} horizon=2:0.5,3:0.3,7:0.2 window=4 normalisation=trajectory-mean", -0.6424906416),
        Case.WithMean($"{Resets} estimator=gpes stretch=3 window=4", -0.31714),
        Case.WithMean($"{Resets} estimator=gpes stretch=3 window=16", -0.31714),
        Case.WithMean($"{Resets} estimator=gpes stretch=5 window=4", -0.35051),
        Case.WithMean($"{Resets} estimator=nres window=4", -0.40323),
    ];

    public void Check(ParameterValues p)
    {
        if (Start(p).Length != p.Reals("h").Length)
        {
            throw ParameterValues.Conflict("x0 has another length than h", "one number, or as many as h has");
        }

        if (p.Whole("resets") == 0 && (!p.Horizons("horizon").IsConstant || p.Word("offset") == "random"))
        {
            throw ParameterValues.Conflict(
                "resets=0 is a single trajectory, with one horizon and no offset",
                "resets above 0, or one horizon with offset=aligned");
        }
    }

    public Outcome Run(ParameterValues p)
    {
        var (plan, windows, burnIn, scale) = p.Whole("resets") == 0 ? OneTrajectory(p) : AcrossResets(p);
        var form = new SmoothedQuadraticExpectation(p, Start(p));
        var moments = Episodes.Measure(plan, windows, scale, [form.Mean], burnIn: burnIn);
        return Outcome.Of(
            Quantity.Exact("true-gradient", form.TrueGradient),
            Quantity.Mean("mean", moments.Along, moments.AlongError, form.Mean));
    }

    public Figure Draw(IReadOnlyList<CaseOutcome> cases) => new DistancesFigure(
        "smoothed-quadratic",
        "Gradient estimates of smoothed quadratics against closed forms",
        [.. cases.SelectMany(c => c.Outcome.Quantities)]);

    // The last window may be longer than the rest of the trajectory: steps after the horizon cost nothing.
    private static (TrainingPlan<double> Plan, int Windows, int BurnIn, double Scale) OneTrajectory(ParameterValues p)
    {
        var horizon = p.Horizons("horizon").Longest;
        var isFull = p.Word("estimator") == EstimatorNames.Full;
        var windows = isFull ? 1 : (horizon + p.Whole("window") - 1) / p.Whole("window");
        var padded = isFull ? horizon : windows * p.Whole("window");
        var plan = Plan(
            p, FirstSteps.Of(Problem(p), horizon, padded), new ConstantSchedule(padded), 0, WindowLoss.Sum);
        return (plan, windows, 0, p.Word("normalisation") == "sum" ? 1 : 1.0 / horizon);
    }

    private static (TrainingPlan<double> Plan, int Windows, int BurnIn, double Scale) AcrossResets(ParameterValues p)
    {
        var horizons = p.Horizons("horizon");
        var (window, resets, isFull) =
            (p.Whole("window"), p.Whole("resets"), p.Word("estimator") == EstimatorNames.Full);
        var isSum = p.Word("normalisation") == "sum";
        var isRandom = p.Word("offset") == "random" || !horizons.IsConstant;
        var plan = Plan(
            p, Problem(p), new ListedSchedule(horizons.Entries), p.Word("offset") == "random" ? horizons.Longest : 0,
            isSum ? WindowLoss.Sum : WindowLoss.Mean);
        if (isFull)
        {
            return (plan, resets, 0, 1.0 / resets);
        }

        // From the start, whole periods of the phase are exact; otherwise the phases have to mix first.
        var period = isRandom ? 1 : horizons.Longest / Cuts.Gcd(horizons.Longest, window);
        var windows = Math.Max(1, (int)(resets * horizons.Mean / window) / period) * period;
        var burnIn = isRandom ? 40 + (horizons.Longest / window) : 0;
        return (plan, windows, burnIn, isSum ? horizons.Mean / window / windows : 1.0 / windows);
    }

    private static TrainingPlan<double> Plan(
        ParameterValues p, IStepFunction<double> problem, ITruncationSchedule schedule, int offset,
        WindowLoss loss) => new(
            new StepProblem<double>(problem),
            Estimators.Create(p.Word("estimator"), p.Whole("stretch")),
            new GaussianNoise<double>(p.Real("sigma")),
            schedule,
            new WindowSettings(
                p.Seed, p.Whole("window"), offset, loss,
                p.Word("normalisation") == "trajectory-mean" ? Normalisation.TrajectoryMean : Normalisation.WindowMean),
            new MetaSgd<double>(0),
            p.Whole("pairs"));

    private static SmoothedQuadratic<double> Problem(ParameterValues p) =>
        new(p.Reals("h"), Start(p), p.Real("theta"), p.Word("parameterization") == "log");

    private static double[] Start(ParameterValues p) =>
        p.Reals("x0").Length == 1 ? [.. p.Reals("h").Select(_ => p.Reals("x0")[0])] : p.Reals("x0");

    private static Case OneTrajectory(string settings, double mean, double trueGradient) => new(
        settings,
        ("true-gradient", _ => Expectation.Within(trueGradient, 1e-8)),
        ("mean", quantity => Expectation.Mean(mean, quantity.StandardError ?? 0)));
}
