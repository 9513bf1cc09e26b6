using System.Diagnostics;
using Xunit;

namespace Involute.Tests;

/// <summary>A server of one test, which may restart it without disturbing others.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private const string Script = "INVOLUTE_TEST_POSTGRES_SCRIPT";

    private readonly Process _script;
    private readonly string _restart;

    private PostgresServer(Process script, string connection, string restart)
    {
        _script = script;
        Connection = connection;
        _restart = restart;
    }

    /// <summary>Connection string; the password is the one in PGPASSWORD.</summary>
    public string Connection { get; }

    /// <summary>Starts the server; skips the test where that is not possible.</summary>
    public static async Task<PostgresServer> StartAsync()
    {
        var path = Environment.GetEnvironmentVariable(Script);
        Assert.SkipWhen(
            string.IsNullOrEmpty(path),
            $"no PostgreSQL of its own: {Script} is not set (scripts/with-postgres dotnet test sets it)");
        var start = new ProcessStartInfo(path!) { RedirectStandardOutput = true, RedirectStandardInput = true };
        start.Environment.Remove("INVOLUTE_TEST_POSTGRES");
        foreach (var argument in new[]
        {
            "sh", "-c", "echo \"$INVOLUTE_TEST_POSTGRES\"; echo \"$INVOLUTE_TEST_POSTGRES_RESTART\"; cat",
        })
        {
            start.ArgumentList.Add(argument);
        }

        var script = Process.Start(start)!;
        var connection = await script.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        var restart = await script.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        Assert.False(string.IsNullOrEmpty(connection), "scripts/with-postgres has started no server");
        return new PostgresServer(script, connection!, restart!);
    }

    /// <summary>Restarts the server, which ends all sessions; completes when it answers again.</summary>
    /// <param name="mode">fast (sessions are told) or immediate (as after a crash).</param>
    public async Task RestartAsync(string mode = "fast")
    {
        using var restart = Process.Start(new ProcessStartInfo(_restart, [mode]) { RedirectStandardOutput = true })!;
        await restart.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, restart.ExitCode);
    }

    public async ValueTask DisposeAsync()
    {
        _script.StandardInput.Close();
        await _script.WaitForExitAsync();
        _script.Dispose();
    }
}
