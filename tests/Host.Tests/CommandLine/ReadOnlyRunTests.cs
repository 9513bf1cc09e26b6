using System.Diagnostics;
using System.Runtime.Versioning;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Involute.Host.Tests.CommandLine;

/// <summary>A run that this user may only read. Root, for whom no mode counts, gives its rights up first.</summary>
[UnsupportedOSPlatform("windows")]
[Trait("Speed", "slow")]
public sealed class ReadOnlyRunTests : IDisposable
{
    private const string SetPrivileges = "/usr/bin/setpriv";
    private const UnixFileMode ReadOnly = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode ReadOnlyFolder =
        ReadOnly | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly RunsOnDisk _runs = new();

    public void Dispose()
    {
        Allow(_runs.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _runs.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_is_shown_verified_and_evaluated_and_not_changed(bool hasLog)
    {
        await TrainAsync();
        if (hasLog)
        {
            AddLog();
        }

        Allow(_runs.Path, ReadOnlyFolder);
        var before = Names();
        foreach (var command in new[] { "show", "verify", "eval" })
        {
            string[] more = command == "eval" ? ["--trials", "1", "--steps", "3"] : [];
            var (code, errors) = await RunAsync([command, "a", "--runs", _runs.Path, .. more]);
            Assert.True(code == 0, $"{command}: {code}\n{errors}");
            Assert.All(
                errors.Split('\n', StringSplitOptions.RemoveEmptyEntries),
                line => Assert.StartsWith("warning: ", line, StringComparison.Ordinal));
            Assert.Equal(command == "eval", errors.Contains("evaluation.json", StringComparison.Ordinal));
        }

        Assert.Equal(74, (await RunAsync(["resume", "a", "--runs", _runs.Path])).Code);
        Assert.Equal(before, Names());
    }

    [Theory]
    [InlineData("config.conf", 64)]
    [InlineData("run.db", 74)]
    [InlineData("ledger.json", 74)]
    [InlineData("", 74)]
    public async Task What_may_not_be_read_is_not_told_as_absent(string file, int code)
    {
        await TrainAsync();
        Allow(_runs.Path, ReadOnlyFolder);
        File.SetUnixFileMode(_runs.File("a", file), UnixFileMode.None);
        var (actual, errors) = await RunAsync(["show", "a", "--runs", _runs.Path]);
        Assert.Equal(code, actual);
        Assert.Contains("may not read it", errors, StringComparison.Ordinal);
        Assert.Single(errors.Trim().Split('\n'));
    }

    private async Task TrainAsync()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has other modes");
        Assert.SkipWhen(
            Environment.IsPrivilegedProcess && !File.Exists(SetPrivileges), "root without setpriv can read everything");
        (await _runs.TrainAsync("a", "outer-steps=9")).Expect(0);
    }

    // As in a copy that was taken while a learner wrote: a log, and no index of it.
    private void AddLog()
    {
        var (database, log) = (_runs.File("a", "run.db"), _runs.File("a", "run.db-wal"));
        using (var writer = new SqliteConnection($"Data Source={database};Pooling=False"))
        {
            writer.Open();
            using var command = writer.CreateCommand();
            command.CommandText = "PRAGMA wal_autocheckpoint = 0; UPDATE journal SET created = created + 1";
            command.ExecuteNonQuery();
            File.Copy(log, log + ".copy");
        }

        File.Move(log + ".copy", log, overwrite: true);
        File.Delete(_runs.File("a", "run.db-shm"));
    }

    private string[] Names() =>
        [.. Directory.GetFileSystemEntries(_runs.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private static void Allow(string folder, UnixFileMode mode)
    {
        var isOpening = mode.HasFlag(UnixFileMode.UserWrite);
        if (isOpening)
        {
            File.SetUnixFileMode(folder, mode);
        }

        foreach (var entry in new DirectoryInfo(folder).GetFileSystemInfos())
        {
            if (entry is DirectoryInfo)
            {
                Allow(entry.FullName, mode);
            }
            else if (!isOpening)
            {
                entry.UnixFileMode = ReadOnly;
            }
        }

        if (!isOpening)
        {
            File.SetUnixFileMode(folder, mode);
        }
    }

    private static async Task<(int Code, string Errors)> RunAsync(string[] arguments)
    {
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        string[] command = [dotnet, Path.Combine(AppContext.BaseDirectory, "involute.dll"), .. arguments];
        if (Environment.IsPrivilegedProcess)
        {
            // Still the owner, who can reach the program in any checkout, but without the right to pass over modes.
            command = [SetPrivileges, "--bounding-set=-all", "--inh-caps=-all", .. command];
        }

        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await output;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, errors);
    }
}
