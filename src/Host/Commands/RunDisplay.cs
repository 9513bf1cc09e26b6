using Involute.Host.Errors;
using Involute.Host.Reporting;
using Involute.Runs.Folders;

namespace Involute.Host.Commands;

/// <summary>Shows how a run stands: once, or again and again as long as it goes on.</summary>
/// <param name="look">Looks at the run; what can be read, and what is wrong with it or null.</param>
/// <param name="show">Shows it; the second argument is whether it is the first time.</param>
/// <param name="time">Between two looks.</param>
internal sealed class RunDisplay(
    Func<(RunSummary Summary, string? Problem)> look, Action<RunSummary, bool> show, TimeProvider time)
{
    /// <summary>The time between two looks.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>Shows it.</summary>
    /// <param name="again">Whether until the run ends.</param>
    /// <param name="cancellation">Ends it before.</param>
    /// <exception cref="CommandException">Something is wrong with the run, which was shown nonetheless.</exception>
    public async Task ShowAsync(bool again, CancellationToken cancellation)
    {
        using var ticks = new PeriodicTimer(Pause, time);
        for (var isFirst = true; ; isFirst = false)
        {
            var (summary, problem) = look();
            show(summary, isFirst);
            if (problem is not null)
            {
                throw new CommandException(ExitCode.Data, problem);
            }

            if (!again || summary.Status != RunStatusFile.Running || !await ticks.WaitForNextTickAsync(cancellation))
            {
                return;
            }
        }
    }
}
