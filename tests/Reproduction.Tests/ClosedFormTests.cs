using Involute.Reproduction.ClosedForms;
using Involute.Reproduction.Experiments;
using Involute.Reproduction.Parameters;
using Xunit;

namespace Involute.Reproduction.Tests;

/// <summary>The closed forms that judge any setting give the published numbers at the published settings.</summary>
public sealed class ClosedFormTests
{
    [Fact]
    public void Smoothed_quadratics_have_their_published_expectations()
    {
        var experiment = new SmoothedQuadraticExperiment();
        Assert.All(experiment.Cases(quick: false), published =>
        {
            var values = ParameterValues.Published(experiment.Parameters).With(published.List);
            var start = values.Reals("h").Select(_ => 1.0).ToArray();
            var form = new SmoothedQuadraticExpectation(values, start);
            var mean = published.Judge(new("mean", form.Mean, 0.0));

            // Some are published to five digits.
            Assert.Equal((mean.Expected!.Least + mean.Expected.Most) / 2, form.Mean, 6e-6);
            Assert.NotEqual(false, published.Judge(new("true-gradient", form.TrueGradient)).IsInside);
        });
    }

    // d/dθ of the loss with the learning rate e^θ, by differences of the unsmoothed loss.
    [Fact]
    public void A_logarithmic_parameterization_has_the_chain_rule_in_it()
    {
        double True(double theta, bool logarithmic) =>
            new SmoothedQuadraticGradient([1], [1], theta, 0.1, logarithmic, 10).True(10);
        Assert.Equal(0.3 * True(0.3, false), True(-1.2039728043259361, true), 1e-12);
    }

    [Fact]
    public void A_small_sigma_takes_the_smoothing_away()
    {
        var form = new SmoothedQuadraticGradient([1, 0.3], [1, 2], -1, 1e-6, logarithmic: true, 10);
        Assert.Equal(form.True(10), form.Accumulated([10]), 1e-8);
        Assert.Equal(form.True(10), form.Accumulated([3, 3, 3, 1]), 1e-8);
    }

    [Theory]
    [InlineData(1, 3.09417)]
    [InlineData(2, 3.14249)]
    [InlineData(5, 3.27086)]
    [InlineData(10, 3.42332)]
    [InlineData(20, 3.41297)]
    [InlineData(25, 3.39158)]
    [InlineData(50, 4.28716)]
    [InlineData(100, 2)]
    public void Persistent_es_on_influence_balancing(int window, double variance)
    {
        var form = new InfluenceGradients(23, 10, 100, 0.5, vector: false, window);
        Assert.Equal(994.784358382, form.Loss, 1e-9);
        Assert.Equal(3571.6306256103, form.Windows.Gradient[0], 1e-9);
        Assert.Equal(variance, form.Windows.Persistent / form.Windows.SquaredNorm, 1e-5);
    }

    [Theory]
    [InlineData(1, -26, 2.87363, 0.049913)]
    [InlineData(10, -177.60965, 2.21363, 0.453628)]
    [InlineData(50, 1008.74405, 1.02981, 1.18208)]
    public void Other_estimators_on_influence_balancing(int window, double truncated, double analytic, double online)
    {
        var form = new InfluenceGradients(23, 10, 100, 0.5, vector: false, window).Windows;
        Assert.Equal(truncated, form.TruncatedGradient[0], 1e-5);
        Assert.Equal(analytic, form.PersistentAnalytic / form.SquaredNorm, 1e-5);
        Assert.Equal(online, form.NoiseReuseOnline / form.SquaredNorm, 1e-5);
        Assert.Equal(2, form.NoiseReuse / form.SquaredNorm, 1e-12);
    }

    [Theory]
    [InlineData(1, 68.1171)]
    [InlineData(10, 71.5531)]
    [InlineData(50, 58.3061)]
    [InlineData(100, 24)]
    public void One_theta_per_component(int window, double variance)
    {
        var form = new InfluenceGradients(23, 10, 100, 0.5, vector: true, window).Windows;
        Assert.Equal(2017466.69149, form.SquaredNorm, 1e-5);
        Assert.Equal(variance, form.Persistent / form.SquaredNorm, 1e-4);
    }
}
