using Xunit;

namespace Involute.Host.Tests.CommandLine;

/// <summary>Two runs of the same settings, one longer, for tests that damage or read copies of them.</summary>
public sealed class FinishedRun : IAsyncLifetime
{
    public const int Short = 21;
    public const int Long = 30;

    internal RunsOnDisk Runs { get; } = new();

    public async ValueTask InitializeAsync()
    {
        (await Runs.TrainAsync("short", $"outer-steps={Short}")).Expect(0);
        (await Runs.TrainAsync("long", $"outer-steps={Long}")).Expect(0);
    }

    public ValueTask DisposeAsync()
    {
        Runs.Dispose();
        return ValueTask.CompletedTask;
    }
}
