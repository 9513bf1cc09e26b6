using System.CommandLine;
using Involute.Host.Errors;
using Involute.Host.Planning;
using Involute.Host.Running;
using Involute.Runs.Configuration;
using Involute.Runs.Opening;
using Spectre.Console;

namespace Involute.Host.Commands;

/// <summary><c>involute plan</c>: what a run will need and how long it will take. Writes nothing.</summary>
internal static class PlanCommand
{
    public static Command Create()
    {
        var config = CommonOptions.Config();
        var set = CommonOptions.Set();
        var plugin = CommonOptions.Plugin("With components of your own, out of the assemblies in this folder.");
        var workers = CommonOptions.Workers();
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command(
            "plan", "Say what a run with the same options of 'train' would need, and how fast it would go here; measures for "
                + "about a second.")
        {
            config, set, plugin, workers, json,
        };
        command.SetAction(parsed =>
        {
            var forecast = Forecast(
                TrainCommand.Load(parsed, config, set, plugin), parsed.GetValue(workers) ?? 0);
            if (parsed.GetValue(json))
            {
                Console.WriteLine(forecast.ToJson());
            }
            else
            {
                ForecastTable.Write(forecast, AnsiConsole.Console);
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static RunForecast Forecast(RunConfiguration configuration, int workers)
    {
        var time = TimeProvider.System;
        var begun = time.GetTimestamp();
        var plan = PlanFactory.Create(configuration);
        if (StackingAdvice.Of(configuration, plan) is { } advice)
        {
            Console.Error.WriteLine(advice);
        }

        var sizes = RunSizes.Of(configuration, plan);
        sizes.Require(configuration);
        var start = time.GetElapsedTime(begun);
        var device = configuration.Gpu.Device;
        var pace = MeasuredPace.Of(DevicePlan.Of(plan, device), configuration.ComputeThreads(), time);
        return RunForecast.Of(configuration, plan, sizes, pace, start, Environment.WorkingSet, workers) with
        {
            Device = DevicePlan.Describe(device) is { } words ? $"{device} ({words})" : device,
        };
    }
}
