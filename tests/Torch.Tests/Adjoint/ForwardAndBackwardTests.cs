using Involute.Estimators;
using Involute.Estimators.Estimation;
using Involute.Estimators.MetaOptimizers;
using Involute.Estimators.Noise;
using Involute.Estimators.Plans;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Schedules;
using Involute.Tasks.Unrolls;
using Involute.Torch.Adjoint;
using Involute.Torch.Tests.Support;
using Xunit;

namespace Involute.Torch.Tests.Adjoint;

/// <summary>
/// Estimators get the same derivatives forwards, of a step function, and backwards, of a task and an optimizer:
/// whatever cuts windows and however losses count.
/// </summary>
public sealed class ForwardAndBackwardTests
{
    private const double Tolerance = 2e-4;

    public static TheoryData<string, WindowLoss, ResetContract, Normalisation> Rules()
    {
        var table = new TheoryData<string, WindowLoss, ResetContract, Normalisation>();
        foreach (var estimator in new[] { "truncated-grad", "persistent-es-analytic" })
        {
            foreach (var contract in Enum.GetValues<ResetContract>())
            {
                table.Add(estimator, WindowLoss.Mean, contract, Normalisation.TrajectoryMean);
                table.Add(estimator, WindowLoss.Sum, contract, Normalisation.WindowMean);
                table.Add(estimator, WindowLoss.Last, contract, Normalisation.WindowMean);
            }
        }

        table.Add("full-grad", WindowLoss.Mean, ResetContract.Exact, Normalisation.WindowMean);
        table.Add("full-grad", WindowLoss.Last, ResetContract.Exact, Normalisation.WindowMean);
        return table;
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Both_give_the_same_gradients(
        string estimator, WindowLoss loss, ResetContract contract, Normalisation normalisation)
    {
        TorchRequired.OrSkip();
        var forwards = Gradients(new StepProblem<float>(new QuadraticBySgd(3, 0.1)));
        var backwards = Gradients(
            new OptimizedTask(new FixedDimQuadraticFamily(3), new LearnableSgd(0.1))
            {
                Derivative = new TorchDerivative(),
            });
        foreach (var (expected, actual) in forwards.Zip(backwards))
        {
            Assert.Equal(expected, actual, (Tolerance * Math.Abs(expected)) + 1e-6);
        }

        Assert.Contains(forwards, gradient => Math.Abs(gradient) > 0.1);

        double[] Gradients(IInnerProblem<float> problem)
        {
            var plan = new TrainingPlan<float>(
                problem, Made(estimator), new GaussianNoise<float>(0.05), new LogUniformSchedule(3, 12),
                new WindowSettings(5, 5, 12, loss, normalisation, contract), new MetaSgd<float>(0), Pairs: 5,
                PairsPerActor: 3);
            using var pairs = new AllPairs<float>(plan);
            var theta = OuterState<float>.Initial(plan).Theta;
            return
            [
                .. Enumerable.Range(0, 8).Select(_ => GradientEstimate.Of(plan, pairs.RunWindow(theta)).Gradient[0]),
            ];
        }
    }

    private static IGradientEstimator<float> Made(string name) => name switch
    {
        "truncated-grad" => new TruncatedGrad<float>(),
        "full-grad" => new FullGrad<float>(),
        "persistent-es-analytic" => new AnalyticPES<float>(),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such estimator"),
    };
}
