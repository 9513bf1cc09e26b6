using System.Text.Json.Nodes;
using Involute.Reproduction.Results;
using Involute.Reproduction.Runner;
using Xunit;

namespace Involute.Reproduction.Tests;

/// <summary>Each experiment at a size that takes a moment.</summary>
public sealed class ExperimentTests
{
    [Theory]
    [InlineData("smoothed-quadratic", "pairs=4000 horizon=7 window=3 sigma=0.05", "true-gradient,mean")]
    [InlineData("smoothed-quadratic", "pairs=4000 h=1,0.5 theta=-1 parameterization=log estimator=nres", "true-gradient,mean")]
    [InlineData("smoothed-quadratic", "pairs=400 resets=20 window=4 estimator=tes normalisation=sum", "true-gradient,mean")]
    [InlineData("smoothed-quadratic", "pairs=400 resets=20 window=4 offset=random normalisation=window-mean", "true-gradient,mean")]
    [InlineData(
        "smoothed-quadratic", "pairs=4000 resets=5 horizon=3:0.5,5:0.5 estimator=full normalisation=trajectory-mean",
        "true-gradient,mean")]
    [InlineData("smoothed-quadratic", "pairs=2000 resets=30 horizon=4:0.5,8:0.5 window=4 normalisation=window-mean", "true-gradient,mean")]
    [InlineData("smoothed-quadratic", "pairs=2000 resets=30 horizon=2:0.5,4:0.5 window=4 estimator=tes", "true-gradient,mean")]
    [InlineData("bias-variance", "pairs=4000 horizon=23 window=5 n=7 positive=3", "loss,gradient,mean,variance-over-g2")]
    [InlineData("bias-variance", "pairs=4000 horizon=20 window=5 estimator=pes-analytic", "loss,gradient,mean,variance-over-g2")]
    [InlineData("bias-variance", "pairs=2000 horizon=20 window=5 vector=true", "loss,gradient,mean,variance-over-g2,cosine")]
    [InlineData("variance-vs-unrolls", "pairs=4000 dimension=5 unrolls=3", "variance-over-g2")]
    [InlineData("variance-vs-unrolls", "pairs=20 gradients=lstm-repeated unrolls=1", "variance-over-g2")]
    [InlineData("common-noise", "pairs=500", "mean,variance,mean-without-noise,variance-without-noise")]
    [InlineData("influence-balancing", "particles=10 iterations=100", "theta@33,theta@66,theta@100,loss@33,loss@66,loss@100")]
    [InlineData("toy-2d", "particles=4 iterations=40", "initial-loss,tail-mean,first-below")]
    [InlineData(
        "lorenz", "pairs=4 horizon=100 window=20 episodes=50 iterations=60",
        "variance-nres,variance-pes,variance-full,pes/nres,full/nres,initial-loss,tail-mean,ln-a,ln-r")]
    public void Results_have_their_names_and_are_as_exact_as_they_say(string name, string settings, string results)
    {
        var report = Run(name, settings);
        Assert.Equal(results, string.Join(',', report.Cases[0].Outcome.Quantities.Select(quantity => quantity.Name)));
        Assert.All(report.Rows(), row => Assert.NotEqual(false, row.Quantity.IsInside));
    }

    [Theory]
    [InlineData("nres")]
    [InlineData("pes")]
    [InlineData("gpes stretch=50")]
    [InlineData("full")]
    [InlineData("tes")]
    [InlineData("tbptt")]
    public void Every_estimator_trains_on_the_Lorenz_system(string estimator)
    {
        var report = Run(
            "lorenz", $"episodes=0 horizon=100 window=20 pairs=10 iterations=400 lr=1e-4 estimator={estimator}");
        var outcome = report.Cases[0].Outcome;
        Assert.True(outcome["tail-mean"] < outcome["initial-loss"]);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_and_another_seed_others()
    {
        var first = Run("smoothed-quadratic", "pairs=300");
        Assert.Equal(Mean(first), Mean(Run("smoothed-quadratic", "pairs=300")));
        Assert.NotEqual(Mean(first), Mean(Run("smoothed-quadratic", "pairs=300 seed=2")));
    }

    [Fact]
    public void Json_has_the_promised_shape()
    {
        var json = JsonNode.Parse(ReportJson.Line(Run("smoothed-quadratic", "pairs=100 h=1,0.5 estimator=full-es")))!;
        Assert.Equal("smoothed-quadratic", (string?)json["experiment"]);
        Assert.Equal([1, 0.5], json["parameters"]!["h"]!.AsArray().Select(h => (double)h!));
        Assert.Equal("full", (string?)json["parameters"]!["estimator"]);
        Assert.Equal(10, (int)json["parameters"]!["horizon"]!);
        var mean = json["results"]!.AsArray().Single(result => (string?)result!["name"] == "mean")!;
        Assert.True((double)mean["value"]! < 0);
        Assert.True((double)mean["standardError"]! > 0);
    }

    [Fact]
    public void Where_a_value_should_be_known_and_is_no_number_the_verdict_is_outside()
    {
        Assert.False(Run("smoothed-quadratic", "pairs=10 sigma=1e-300").AllInside);
        var still = Run("bias-variance", "n=1 positive=1 pairs=10 horizon=5");
        Assert.Null(still.Cases[0].Outcome.Quantities.Single(quantity => quantity.Name == "variance-over-g2").Expected);
    }

    // A divergent run is a result, not a crash: a value that is not a number is null.
    [Fact]
    public void Numbers_that_are_none_become_null()
    {
        var json = JsonNode.Parse(ReportJson.Line(Run("toy-2d", "particles=2 iterations=10 threshold=-1")))!;
        var below = json["results"]!.AsArray().Single(result => (string?)result!["name"] == "first-below")!;
        Assert.Null(below["value"]);
        Assert.Null(below["standardError"]);
    }

    [Fact]
    public void Results_of_further_configurations_name_their_settings()
    {
        var report = ExperimentRunner.Run(new TwoCases(), [], quick: true);
        var names = JsonNode.Parse(ReportJson.Line(report))!["results"]!.AsArray().Select(
            result => (string?)result!["name"]);
        Assert.Equal(["value", "constant", "value[x=2]", "constant[x=2]", "sum"], names);
        Assert.False(report.AllInside);
    }

    [Fact]
    public void A_mean_over_runs_has_its_standard_error_and_no_verdict_without_a_tolerance()
    {
        var mean = Quantity.MeanOf("mean", [1, 2, 6], Expectation.Shown("2 to 5"));
        Assert.Equal(3, mean.Value);
        Assert.Equal(Math.Sqrt(14.0 / 2 / 3), mean.StandardError!.Value, 1e-15);
        Assert.Null(mean.IsInside);
        Assert.Null(Quantity.MeanOf("one run", [1]).StandardError);
        Assert.True(Quantity.MeanOf("judged", [1, 2, 6], Expectation.AtMost(3, "3")).IsInside);
        Assert.False(Quantity.MeanOf("judged", [1, 2, 7], Expectation.AtMost(3, "3")).IsInside);
    }

    private static Report Run(string name, string settings) =>
        ExperimentRunner.Run(KnownExperiments.Of(name)[0], settings.Split(' '), quick: false);

    private static double Mean(Report report) => report.Cases[0].Outcome["mean"];
}
