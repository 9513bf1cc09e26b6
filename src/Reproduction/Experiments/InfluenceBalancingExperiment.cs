using Involute.Estimators;
using Involute.Estimators.MetaOptimizers;
using Involute.Estimators.Noise;
using Involute.Estimators.Pairs;
using Involute.Reproduction.Measurement;
using Involute.Reproduction.Parameters;
using Involute.Reproduction.Results;
using Involute.Tasks.Components;
using Involute.Tasks.Problems;
using Involute.Tasks.Schedules;
using Involute.Tasks.Unrolls;

namespace Involute.Reproduction.Experiments;

/// <summary>Trains influence balancing on one endless trajectory: what looks only a few steps ahead goes the wrong way.</summary>
internal sealed partial class InfluenceBalancingExperiment : IExperiment
{
    // The logged loss is that of a trajectory of its own, long enough to come to rest.
    private const int LoggedSteps = 500;

    public string Name => "influence-balancing";

    public string Summary => "A system whose short-term and long-term gradients differ in sign, trained online (PES paper, section 5.1).";

    public IReadOnlyList<Parameter> Parameters { get; } =
    [
        new WholeNumber("n", 23, 1, 1000, "size of the state"),
        new WholeNumber("positive", 10, 0, 1000, "components that theta enters with a plus"),
        new RealNumber("theta0", 0.5, new NumberRange(-1e6, 1e6), "initial theta"),
        new RealNumber("lr", 1e-4, new NumberRange(0, 1e6), "learning rate of gradient descent"),
        new WholeNumber("iterations", 3000, 3, 10_000_000, "updates of theta"),
        new WholeNumber("window", 1, 1, 100_000, "steps between updates; the loss is that of the last one"),
        new Choice("estimator", EstimatorNames.Pes, ["tbptt", "rtrl", "tes", "pes", "nres"], "gradient estimator"),
        new RealNumber("sigma", 0.1, new NumberRange(0, 100, AboveLeast: true), "standard deviation of the perturbation"),
        new WholeNumber("particles", 1000, 2, 1 << 24, "particles, two to an antithetic pair; an even number"),
        new WholeNumber("seed", 3, 0, long.MaxValue, "seed"),
    ];

    public Outcome Run(ParameterValues p)
    {
        var thetas = Train(p);
        var loss = LossOf(p);
        var quantities = new List<Quantity>();
        int[] places = [thetas.Length / 3, (int)(2L * thetas.Length / 3), thetas.Length];
        quantities.AddRange(places.Select(i => new Quantity($"theta@{i}", thetas[i - 1])));
        quantities.AddRange(places.Select(i => new Quantity($"loss@{i}", loss(thetas[i - 1]))));
        var every = Math.Max(1, thetas.Length / 300);
        int[] logged = [.. Enumerable.Range(1, thetas.Length).Where(i => i % every == 0)];
        return new Outcome(
            quantities,
            [new Curve(p.Word("estimator"), [.. logged.Select(i => (double)i)], [.. logged.Select(i => loss(thetas[i - 1]))])]);
    }

    /// <summary>Theta after each update.</summary>
    private static double[] Train(ParameterValues p, IMetaOptimizer<double>? optimizer = null, string? estimator = null)
    {
        var name = estimator ?? p.Word("estimator");
        var pairs = name is EstimatorNames.Tbptt or EstimatorNames.Rtrl ? 1 : p.Whole("particles") / 2;
        var plan = new TrainingPlan<double>(
            new StepProblem<double>(Problem(p)),
            Estimators.Create(name),
            new GaussianNoise<double>(p.Real("sigma")),
            new NeverEndingSchedule(),
            new WindowSettings(p.Seed, p.Whole("window"), 0, WindowLoss.Last),
            optimizer ?? new MetaSgd<double>(p.Real("lr")),
            pairs,
            PairsPerActor: pairs);
        return [.. new SequentialTrainer<double>(plan).Run(p.Whole("iterations")).Select(step => step.State.Theta.Values[0])];
    }

    private static Func<double, double> LossOf(ParameterValues p)
    {
        var problem = Problem(p);
        return theta => Unrolled.Last(problem, [theta], LoggedSteps);
    }

    private static InfluenceBalancing<double> Problem(ParameterValues p) =>
        new(p.Whole("n"), p.Whole("positive"), p.Real("theta0"));

    public void Check(ParameterValues p)
    {
        if (p.Whole("positive") > p.Whole("n"))
        {
            throw ParameterValues.Conflict("positive is larger than n", "positive from 0 to n");
        }

        if (p.Whole("particles") % 2 != 0)
        {
            throw ParameterValues.Conflict("an odd number of particles makes no antithetic pairs", "an even number");
        }
    }
}
