using Involute.Estimators;
using Involute.Estimators.Estimation;
using Involute.Estimators.Plans;
using Involute.ProcessChild;
using Involute.Tasks.Schedules;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Processes.Tests;

/// <summary>Training comes to the same theta wherever the problem is computed.</summary>
[Trait("Speed", "slow")]
public sealed class ProcessTrainingTests
{
    [Theory]
    [InlineData("lorenz", "lanes=4096")]
    [InlineData("drift:9:3:30", "lanes=3")]
    [InlineData("drift:20001:2", "varies=1")]
    public void Persistent_es_comes_to_the_same_theta(string step, string option)
    {
        using var problem = TestChild.Start("serve", step, option);

        Assert.Equal(Thetas(new StepProblem<float>(Steps.Of(step))), Thetas(problem));
        Assert.Equal(
            ComputationFingerprint.Of(Plan(problem)), ComputationFingerprint.Of(Plan(problem)));
    }

    private static List<string> Thetas(IInnerProblem<float> problem) =>
        [.. new SequentialTrainer<float>(Plan(problem)).Run(8).Select(step => step.State.Theta.HashText())];

    private static TrainingPlan<float> Plan(IInnerProblem<float> problem)
    {
        var plan = TrainingPlan.Create(problem, new PersistentES<float>(), new LogUniformSchedule(3, 20), pairs: 6, window: 5);
        return plan with { PairsPerActor = 3 };
    }
}
