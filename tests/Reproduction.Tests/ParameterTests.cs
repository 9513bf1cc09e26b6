using Involute.Reproduction.Parameters;
using Involute.Reproduction.Runner;
using Involute.Runs.Configuration;
using Xunit;

namespace Involute.Reproduction.Tests;

public sealed class ParameterTests
{
    [Theory]
    [InlineData("toy-2d", "sigme=1", "unknown parameter 'sigme' (did you mean 'sigma'?)")]
    [InlineData("toy-2d", "sigma=0", "'0' is not a value of sigma; allowed: a number greater than 0 and at most 100")]
    [InlineData("toy-2d", "sigma=nan", "'nan' is not a value of sigma")]
    [InlineData("toy-2d", "x0=1", "'1' is not a value of x0; allowed: 2 numbers separated by commas")]
    [InlineData("toy-2d", "iterations=1e3", "'1e3' is not a value of iterations; allowed: a whole number")]
    [InlineData(
        "toy-2d", "estimator=psa", "'psa' is not a value of estimator; allowed: pes, nres, full, tes, tbptt, rtrl")]
    [InlineData("bias-variance", "vector=yes", "allowed: true, false")]
    [InlineData("smoothed-quadratic", "horizon=2:0.5,3:0.4", "allowed: a horizon from 1 to 10000, or several as 2:0.5,3:0.3,7:0.2")]
    [InlineData("smoothed-quadratic", "h", "not of the form name=value")]
    public void A_bad_setting_is_an_error_in_one_line(string experiment, string setting, string expected)
    {
        var error = Assert.Throws<ConfigurationException>(() => Values(experiment, setting));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.StartsWith($"--set {setting}: ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("smoothed-quadratic", "h=1,2 x0=1,2,3", "x0 has another length than h")]
    [InlineData("smoothed-quadratic", "offset=random", "resets=0 is a single trajectory")]
    [InlineData("bias-variance", "n=5", "positive is larger than n")]
    [InlineData("variance-vs-unrolls", "gradients=orthonormal unrolls=17", "no more orthonormal vectors")]
    [InlineData("variance-vs-unrolls", "gradients=lstm-random unrolls=3", "3 unrolls do not divide 1000 characters")]
    [InlineData("toy-2d", "particles=3", "an odd number of particles")]
    [InlineData("lorenz", "window=300", "the window does not divide the horizon")]
    [InlineData("lorenz", "episodes=0 iterations=0", "neither variance nor training")]
    public void Settings_that_do_not_go_together_are_an_error(string experiment, string settings, string expected)
    {
        var error = Assert.Throws<ConfigurationException>(
            () => ExperimentRunner.Run(KnownExperiments.Of(experiment)[0], settings.Split(' '), quick: false));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("persistent-es", "pes")]
    [InlineData("noise-reuse-es", "nres")]
    [InlineData("es-single", "nres")]
    [InlineData("truncated-es", "tes")]
    [InlineData("full-es", "full")]
    [InlineData("nres", "nres")]
    public void Long_names_of_estimators_are_aliases(string written, string read) =>
        Assert.Equal(read, Values("smoothed-quadratic", $"estimator={written}").Word("estimator"));

    [Fact]
    public void The_last_of_several_settings_counts()
    {
        var values = KnownValues("smoothed-quadratic").With(["h=1,0.5", "window=3", "h=2"]);
        Assert.Equal([2.0], values.Reals("h"));
        Assert.Equal(3, values.Whole("window"));
    }

    [Fact]
    public void An_unknown_experiment_names_the_known_ones()
    {
        var error = Assert.Throws<ConfigurationException>(() => KnownExperiments.Of("lorentz"));
        Assert.Contains("did you mean 'lorenz'", error.Message, StringComparison.Ordinal);
        Assert.Equal(7, KnownExperiments.Of("all").Count);
    }

    // The settings of every published configuration can be typed in by a user.
    [Fact]
    public void Every_published_configuration_is_valid() => Assert.All(
        KnownExperiments.All,
        experiment => Assert.All(
            experiment.Cases(quick: false).Concat(experiment.Cases(quick: true)),
            published => ParameterValues.Published(experiment.Parameters).With(published.List)));

    private static ParameterValues Values(string experiment, string setting) => KnownValues(experiment).With([setting]);

    private static ParameterValues KnownValues(string experiment) =>
        ParameterValues.Published(KnownExperiments.Of(experiment)[0].Parameters);
}
