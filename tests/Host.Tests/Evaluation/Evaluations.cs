using Involute.Estimators.Plans;
using Involute.Host.Evaluation;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Numerics;
using Involute.Tasks.Optimizers;

namespace Involute.Host.Tests.Evaluation;

internal static class Evaluations
{
    /// <summary>SGD with "meta-trained" step size 0.1 and initial step size 0.01, on quadratics.</summary>
    public static EvaluationReport OfQuadratic(int threads) => Of(
        new FixedDimQuadraticFamily(), new LearnableSgd(0.01), 0.1,
        new EvaluationSettings(Seed: 3, Trials: 4, Steps: 40, Threads: threads));

    public static EvaluationReport Of(
        IInnerTask task, LearnableSgd optimizer, double learningRate, EvaluationSettings settings)
    {
        var theta = new Theta<float>(new ThetaVersion(17), [(float)PortableMath.Log(learningRate)]);
        return new HeldOutEvaluation(new OptimizedTask(task, optimizer), settings).Run(theta);
    }
}
