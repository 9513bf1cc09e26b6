using Akka.Actor;
using Involute.Actors.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Involute.Hosting;

/// <summary>A run as a service of a generic host: starts with it, is stopped with a checkpoint when it stops.</summary>
/// <remarks>Register it behind Akka.Hosting's actor system, if they share one: hosts stop their services in reverse
/// order.</remarks>
/// <param name="options">What to train and where.</param>
/// <param name="services">May hold an actor system.</param>
/// <param name="application">Is stopped at the run's end, if the options say so.</param>
public sealed class TrainingRunService(
    TrainingRunOptions options, IServiceProvider services, IHostApplicationLifetime application)
    : IHostedService, IAsyncDisposable
{
    private readonly TaskCompletionSource<TrainingRun> _run = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The run, once the host has started it; faults if it could not be started.</summary>
    public Task<TrainingRun> Run => _run.Task;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Asked for here, not in the constructor: the container makes the actor system when it is first asked for.
            options.ActorSystem ??= services.GetService<ActorSystem>() is { } system
                && system.Settings.Config.HasPath(NodeDispatcher.Id)
                ? system
                : null;
            _run.SetResult(await TrainingRun.StartAsync(options, CancellationToken.None).ConfigureAwait(false));
        }
        catch (Exception cause)
        {
            _run.TrySetException(cause);
            throw;
        }

        if (options.StopsApplication)
        {
            _ = StopApplicationAsync(await _run.Task.ConfigureAwait(false));
        }
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (!_run.Task.IsCompletedSuccessfully)
        {
            return;
        }

        var run = await _run.Task.ConfigureAwait(false);
        if (!run.Completion.IsCompleted)
        {
            run.RequestStop();
        }

        // A run that failed says so to the code that awaits it; the host only waits, until its own patience ends.
        await ((Task)run.Completion).WaitAsync(cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await run.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_run.Task.IsCompletedSuccessfully)
        {
            await (await _run.Task.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task StopApplicationAsync(TrainingRun run)
    {
        await run.Completion.ConfigureAwait(false);
        application.StopApplication();
    }
}
