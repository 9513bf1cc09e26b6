using Involute.Estimators;
using Involute.Estimators.Plans;
using Involute.Host.Reporting;
using Involute.Tests;
using Spectre.Console;
using Xunit;

namespace Involute.Host.Tests.Reporting;

public sealed class TrainingProgressTests : IDisposable
{
    private readonly StringWriter _out = new();
    private readonly StringWriter _errors = new();
    private readonly ManualTime _time = new();

    public void Dispose()
    {
        _out.Dispose();
        _errors.Dispose();
    }

    [Fact]
    public void A_pipe_gets_the_first_step_the_last_and_each_tenth()
    {
        var lines = Run(outerSteps: 1000, secondsPerStep: 0.001);
        Assert.Equal(12, lines.Length);
        Assert.StartsWith("outer step 1/1000  meta-loss 2.0000 (now 2.0000)", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("outer step 100/1000", lines[1], StringComparison.Ordinal);
        Assert.Contains("ETA 0.9s", lines[1], StringComparison.Ordinal);
        Assert.Contains("100.0k inner steps/s", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("outer step 1000/1000", lines[^2], StringComparison.Ordinal);
        Assert.Contains("took 1.0s", lines[^2], StringComparison.Ordinal);
        Assert.Equal("", lines[^1]);
    }

    [Fact]
    public void A_slow_run_says_something_every_few_seconds_and_a_long_one_does_not_fill_the_log()
    {
        var lines = Run(outerSteps: 100_000, secondsPerStep: 1);
        Assert.InRange(lines.Length, 50, 150);
    }

    [Fact]
    public void A_resumed_run_counts_from_where_it_goes_on()
    {
        var lines = Run(outerSteps: 20, secondsPerStep: 0.01, firstStep: 18);
        Assert.StartsWith("outer step 19/20", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("outer step 20/20", lines[1], StringComparison.Ordinal);
        Assert.Equal(3, lines.Length);
    }

    [Fact]
    public void Warnings_go_to_the_error_stream()
    {
        Progress(10, 0).Warn("checkpoint 7 is damaged: using 6");
        Assert.Equal("warning: checkpoint 7 is damaged: using 6\n", _errors.ToString());
        Assert.Empty(_out.ToString());
    }

    [Fact]
    public void A_loss_that_is_not_finite_does_not_spoil_the_smoothed_one()
    {
        var progress = Progress(3, 0);
        progress.StepCompleted(Step(1, 2));
        progress.StepCompleted(Step(2, double.NaN));
        Assert.Contains("meta-loss 2.0000 (now NaN)", progress.Line(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.5, "0.5000")]
    [InlineData(0, "0.0000")]
    [InlineData(-2.25, "-2.2500")]
    [InlineData(999_999.5, "999999.5000")]
    [InlineData(1e300, "1E+300")]
    [InlineData(-8.6090033880583e29, "-8.609E+29")]
    [InlineData(1.25e-9, "1.25E-9")]
    [InlineData(double.MaxValue, "1.798E+308")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "Infinity")]
    public void A_loss_of_any_size_is_readable(double loss, string text)
    {
        var progress = Progress(3, 0);
        progress.StepCompleted(Step(1, loss));
        Assert.Contains($"(now {text})", progress.Line(), StringComparison.Ordinal);
        Assert.InRange(progress.Line().Length, 20, 120);
    }

    [Fact]
    public void A_run_of_very_many_steps_fits_in_a_line()
    {
        const long Steps = 1_000_000_000_000;
        var progress = new TrainingProgress(
            AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(_out) }), _errors, _time, Steps,
            Steps / 2);
        for (var step = 1; step <= 3; step++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            progress.StepCompleted(Step((Steps / 2) + step, 1));
        }

        Assert.Contains("outer step 500000000003/1000000000000", progress.Line(), StringComparison.Ordinal);
        Assert.Matches(@"ETA \d+ years$", progress.Line());
        Assert.InRange(progress.Line().Length, 20, 140);
    }

    private string[] Run(int outerSteps, double secondsPerStep, int firstStep = 0)
    {
        var progress = Progress(outerSteps, firstStep);
        for (var step = firstStep + 1; step <= outerSteps; step++)
        {
            _time.Advance(TimeSpan.FromSeconds(secondsPerStep));
            progress.StepCompleted(Step(step, 2));
        }

        progress.Complete();
        return _out.ToString().Split('\n');
    }

    private TrainingProgress Progress(int outerSteps, int firstStep) => new(
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(_out) }), _errors, _time, outerSteps,
        firstStep);

    private static OuterStepResult<float> Step(long step, double loss) =>
        new(new OuterState<float>(new Theta<float>(new ThetaVersion(step), [0]), default), loss, 1, 100, []);
}
