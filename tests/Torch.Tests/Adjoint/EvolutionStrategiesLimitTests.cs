using Involute.Estimators;
using Involute.Estimators.Estimation;
using Involute.Estimators.MetaOptimizers;
using Involute.Estimators.Noise;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Tasks.Images;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Schedules;
using Involute.Torch.Adjoint;
using Involute.Torch.Tests.Support;
using Xunit;

namespace Involute.Torch.Tests.Adjoint;

/// <summary>
/// As sigma goes to 0, antithetic pairs estimate the derivative: block by block on the same trajectories, so that only
/// the perturbations differ.
/// </summary>
[Trait("Speed", "slow")]
public sealed class EvolutionStrategiesLimitTests
{
    private const int Pairs = 250;
    private const int PairsOfBlock = 10;
    private const int Windows = 3;
    private const double Sigma = 2e-3;

    [Fact]
    public void Truncated_es_tends_to_truncated_grad() =>
        Compare(new TruncatedES<float>(), new TruncatedGrad<float>(), new LogUniformSchedule(8, 20));

    [Fact]
    public void Full_es_tends_to_full_grad() =>
        Compare(new FullES<float>(), new FullGrad<float>(), new ConstantSchedule(10));

    // Without an influence of past windows the analytic part is the whole; with one, perturbations estimate it.
    [Fact]
    public void Persistent_es_and_its_analytic_form_tend_to_the_same() =>
        Compare(new PersistentES<float>(), new AnalyticPES<float>(), new ConstantSchedule(15));

    private static void Compare(
        IGradientEstimator<float> perturbed, IGradientEstimator<float> exact, ITruncationSchedule schedule)
    {
        TorchRequired.OrSkip();
        var (first, second) = (Gradients(perturbed), Gradients(exact));
        for (var element = 0; element < first[0].Length; element++)
        {
            double[] differences = [.. first.Zip(second, (a, b) => (double)a[element] - b[element])];
            var mean = differences.Average();
            var variance = differences.Sum(value => (value - mean) * (value - mean)) / (differences.Length - 1);
            var error = Math.Sqrt(variance / differences.Length);
            var size = Math.Abs(second.Average(gradient => (double)gradient[element]));
            Assert.True(Math.Abs(mean) < 4 * error, $"element {element}: {mean:g3} off, standard error {error:g3}");

            // The learning rate's is fine enough to tell a mistake by a factor.
            Assert.True(element > 0 || error < 0.25 * size, $"element {element}: {size:g3} with an error of {error:g3}");
        }

        float[][] Gradients(IGradientEstimator<float> estimator)
        {
            // A few hidden units: the kinks of a ReLU are rarely within a perturbation.
            var problem = new OptimizedTask(
                new ImageMlp("mlp", FashionMnist.Embedded8x8(), [5], 32), new LearnableAdam(0.02, 0.8, 0.95, 1e-3))
            {
                Derivative = new TorchDerivative(),
            };
            var plan = new TrainingPlan<float>(
                problem, estimator, new GaussianNoise<float>(Sigma), schedule, new WindowSettings(3, 5),
                new MetaSgd<float>(0), Pairs, PairsOfBlock);
            var theta = OuterState<float>.Initial(plan).Theta;
            var slot = new ComputeSlot<float>();
            return
            [
                .. plan.Blocks().Select(block =>
                {
                    // The mean over its windows: those of one trajectory hang together.
                    using var pair = new PairState<float>(plan, block);
                    var mean = new float[plan.ThetaLength];
                    for (var window = 0; window < Windows; window++)
                    {
                        var gradient = pair.RunWindow(theta, slot).Gradient.Span;
                        for (var i = 0; i < mean.Length; i++)
                        {
                            mean[i] += gradient[i] / Windows / PairsOfBlock;
                        }
                    }

                    return mean;
                }),
            ];
        }
    }
}
