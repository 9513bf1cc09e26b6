using Microsoft.Extensions.Hosting;

namespace Involute.Actors.Cluster;

/// <summary>Signals belong to the command: the host's own lifetime would catch them too.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    /// <inheritdoc/>
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
