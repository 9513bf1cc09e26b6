using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Problems;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Tasks.Tests.Tangents;

/// <summary>A problem creates tangent unrolls if, and only if, it says that it offers them.</summary>
public sealed class OffersTangentsTests
{
    [Fact]
    public void A_differentiable_step_offers_tangents()
    {
        AssertOffers(new StepProblem<double>(new InfluenceBalancing<double>()));
        AssertOffers(new StepProblem<float>(new Lorenz<float>()));
        AssertOffers(new StepProblem<float>(new MemorylessLinear<float>(3, orthonormal: true)));
        AssertOffers(new StepProblem<float>(new CommonNoise<float>(new ToyRegression2D<float>(), 0.1)));
    }

    [Fact]
    public void Other_problems_offer_none_and_say_why()
    {
        AssertRefuses(new StepProblem<float>(new ToyLstm<float>(repeated: true)), "IDifferentiableStep");
        AssertRefuses(new OptimizedTask(new QuadraticTask(3), new LearnableSgd()), "offers no forward gradients");
    }

    private static void AssertOffers<T>(IInnerProblem<T> problem)
    {
        Assert.True(problem.OffersTangents);
        using var unroll = problem.CreateTangentUnroll(1, ArmSet.CentreOnly);
        Assert.Equal(ArmSet.CentreOnly, unroll.Arms);
    }

    private static void AssertRefuses(IInnerProblem<float> problem, string reason)
    {
        Assert.False(problem.OffersTangents);
        var refusal = Assert.Throws<NotSupportedException>(() => problem.CreateTangentUnroll(1, ArmSet.CentreOnly));
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }
}
