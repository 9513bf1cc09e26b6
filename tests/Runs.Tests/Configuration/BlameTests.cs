using Involute.Runs.Configuration;
using Xunit;

namespace Involute.Runs.Tests.Configuration;

/// <summary>Of settings that contradict each other the one that was written last is blamed, wherever the others stand.</summary>
public sealed class BlameTests : IDisposable
{
    private readonly Files _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("involute.truncation.min=5000", "involute.truncation.max: 2000 is less than truncation.min = 5000")]
    [InlineData("involute.truncation={min=5000}", "involute.truncation.max: 2000 is less than truncation.min = 5000")]
    [InlineData("involute.truncation.max=5", "involute.truncation.max: 5 is less than truncation.min = 100")]
    [InlineData("involute.task=lorenz", "involute.optimizer.name: task lorenz has its own theta")]
    [InlineData("involute.task=mlp-regression", "involute.task.data-file: no table is set")]
    public void An_argument_is_blamed_and_not_the_settings_of_the_run_below_it(string argument, string problem)
    {
        var file = _files.Write(new RunConfiguration().ToHocon(), ConfigurationLoader.FileName);

        foreach (var refusal in new[]
        {
            Refusal(() => ConfigurationLoader.LoadFork(_files.Folder, [], [argument], null)),
            Refusal(() => ConfigurationLoader.LoadRun(_files.Folder, [argument])),
            Refusal(() => ConfigurationLoader.Load([file], [argument])),
        })
        {
            Assert.StartsWith($"--set {argument}: {problem}", refusal, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Where_the_other_value_stands_is_told_too()
    {
        var file = _files.Write("involute {\n  truncation {\n    max = 50\n  }\n}", "short.conf");

        Assert.StartsWith(
            $"--set involute.truncation.min=60: involute.truncation.max: 50 is less than truncation.min = 60 (max comes from {file}:3); ",
            Refusal(() => ConfigurationLoader.Load([file], ["involute.truncation.min=60"])), StringComparison.Ordinal);
        Assert.StartsWith(
            $"{file}:3: involute.truncation.max: 50 is less than truncation.min = 100; ",
            Refusal(() => ConfigurationLoader.Load([file], [])), StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_of_a_file_is_blamed_and_not_the_beginning_of_its_block_nor_who_chose_the_block()
    {
        var file = _files.Write("involute {\n  truncation {\n    min = 5000\n  }\n}", "long.conf");

        foreach (string[] arguments in new string[][] { [], ["involute.truncation.schedule=log-uniform"], ["involute.sigma=0.2"] })
        {
            Assert.StartsWith(
                $"{file}:3: involute.truncation.max: 2000 is less than truncation.min = 5000; ",
                Refusal(() => ConfigurationLoader.Load([file], arguments)), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("pse", "pes")]
    [InlineData("PES", "pes")]
    [InlineData("persistant-es", "persistent-es")]
    [InlineData("full_es", "full-es")]
    public void The_name_that_was_meant_is_suggested(string written, string meant) => Assert.Contains(
        $"(did you mean '{meant}'?)", Refusal(() => ConfigurationLoader.Load([], [$"involute.estimator={written}"])),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("NoiseReuseES", "noise-reuse-es")]
    [InlineData("AnalyticPES", "persistent-es-analytic")]
    [InlineData("RealTimeGrad", "rtrl")]
    [InlineData("GeneralizedPES", "gpes")]
    public void The_name_of_a_class_leads_to_the_name_of_its_component(string written, string meant) => Assert.Contains(
        $"(did you mean '{meant}'?)", Refusal(() => ConfigurationLoader.Load([], [$"involute.estimator={written}"])),
        StringComparison.Ordinal);

    private static string Refusal(Func<object> load) => Assert.Throws<ConfigurationException>(() => load()).Message;
}
