using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Involute.Tests;
using Npgsql;
using Xunit;

namespace Involute.Host.Tests.CommandLine;

/// <summary>A pooler between learner and server.</summary>
internal sealed class PgBouncer : IAsyncDisposable
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly string _folder;

    private PgBouncer(Process process, string folder, string connection) =>
        (_process, _folder, Connection) = (process, folder, connection);

    /// <summary>Connection string through it.</summary>
    public string Connection { get; }

    /// <summary>Starts it; skips the test where it is not installed.</summary>
    /// <param name="database">The database to which it leads.</param>
    /// <param name="mode">session or transaction.</param>
    public static async Task<PgBouncer> StartAsync(PostgresDatabase database, string mode)
    {
        var program = new[] { "/usr/sbin/pgbouncer", "/usr/bin/pgbouncer" }.FirstOrDefault(File.Exists);
        Assert.SkipWhen(program is null, "pgbouncer is not installed (apt-get install pgbouncer)");
        var server = new NpgsqlConnectionStringBuilder(database.Connection);
        var port = FreePort();
        var folder = Directory.CreateTempSubdirectory("involute-pgbouncer-").FullName;
        var settings = Path.Combine(folder, "pgbouncer.ini");
        var password = Environment.GetEnvironmentVariable("PGPASSWORD");
        await File.WriteAllTextAsync(settings, string.Create(CultureInfo.InvariantCulture, $"""
            [databases]
            {server.Database} = host={server.Host} port={server.Port} user={server.Username} password={password}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {port}
            unix_socket_dir =
            auth_type = any
            pool_mode = {mode}
            ignore_startup_parameters = search_path, extra_float_digits
            """));

        // It refuses to run as root, and then needs to read the file.
        string[] user = Environment.UserName == "root" ? ["-u", "postgres"] : [];
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
        }

        var process = Process.Start(new ProcessStartInfo(program!, [.. user, settings])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var said = process.StandardError.ReadToEndAsync();
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        var through = new NpgsqlConnectionStringBuilder(server.ConnectionString)
        {
            Port = port,
            SslMode = SslMode.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,
        }.ConnectionString;
        var bouncer = new PgBouncer(process, folder, through);
        using var patience = new CancellationTokenSource(Guard);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await AnswersAsync(through))
        {
            Assert.False(process.HasExited, process.HasExited ? await said : "");
            await look.WaitForNextTickAsync(patience.Token);
        }

        return bouncer;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<bool> AnswersAsync(string connection)
    {
        try
        {
            await using var trial = new NpgsqlConnection($"{connection};Pooling=False");
            await trial.OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
