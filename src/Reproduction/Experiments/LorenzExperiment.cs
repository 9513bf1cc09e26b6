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

/// <summary>Learns two parameters of a chaotic system; first the variance of estimates at a fixed theta, then training.</summary>
internal sealed partial class LorenzExperiment : IExperiment
{
    private const int TestStarts = 300;
    private const int TestEvery = 50;

    public string Name => "lorenz";

    public string Summary => "Two parameters of the Lorenz system, whose unrolls are chaotic (NRES paper, section 5.1).";

    public IReadOnlyList<Parameter> Parameters { get; } =
    [
        new RealNumbers("theta", [3.116, 3.7], 2, 2, new NumberRange(-100, 100), "ln a and ln r, initially"),
        new RealNumber("sigma", 0.04, new NumberRange(0, 100, AboveLeast: true), "standard deviation of the perturbation"),
        new WholeNumber("window", 100, 1, 100_000, "steps of a window; a divisor of the horizon"),
        new WholeNumber("horizon", 2000, 1, 100_000, "steps of an episode"),
        new WholeNumber("pairs", 200, 1, 1 << 24, "antithetic pairs in training"),
        new WholeNumber("episodes", 20_000, 0, 1 << 24, "episodes of the variance part; 0 leaves it out"),
        new Choice(
            "estimator", EstimatorNames.Nres, ["nres", "pes", "gpes", "full", "tes", "tbptt"], "gradient estimator in training"),
        new WholeNumber("stretch", 500, 1, 100_000, "steps that a perturbation of gpes lasts"),
        new WholeNumber("iterations", 5000, 0, 10_000_000, "updates of theta; 0 leaves training out"),
        new RealNumber("lr", 1e-5, new NumberRange(0, 1e6), "learning rate of gradient descent"),
        new WholeNumber("seed", 101, 0, long.MaxValue, "seed"),
    ];

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

    // With J windows of an episode: the online variance is that of the mean of J independent workers, each J times the
    // estimate of one window at random. FullES is one episode, which costs the same.
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
        foreach (var (step, index) in new SequentialTrainer<double>(plan).Run(burnIn + p.Whole("iterations")).Select((s, i) => (s, i)))
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
        ParameterValues p, string estimator, int pairs, int offset, WindowLoss loss, IMetaOptimizer<double> optimizer) => new(
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
}
