using System.Linq.Expressions;
using System.Security.Cryptography;
using Akka.Configuration;
using Involute.Host.Reporting;
using Involute.Runs.Configuration;
using Involute.Runs.Folders;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace Involute.Host.Running;

/// <summary>
/// Has the libraries that a command needs later loaded and compiled by a second processor, while the first reads the command
/// line and the settings.
/// </summary>
/// <remarks>
/// Most of a short command's time is .NET's work for what is called for the first time. Each load here is a small use of a
/// library that leaves nothing behind; nothing depends on it.
/// </remarks>
internal static class EarlyLoad
{
    /// <summary>Begins, if there is a processor for it; does not wait.</summary>
    /// <param name="args">The command line.</param>
    public static void Begin(IReadOnlyList<string> args)
    {
        if (Environment.ProcessorCount > 1)
        {
            var loads = Of(args);

            // A thread of its own: those of the pool are few at the start and wait for stores. What fails here fails again
            // where the command needs it, and is told there.
            Task.Factory.StartNew(
                () => Array.ForEach(loads, load => load()), CancellationToken.None, TaskCreationOptions.LongRunning,
                TaskScheduler.Default);
        }
    }

    /// <summary>What is loaded for a command line, in the order in which it is needed.</summary>
    internal static Action[] Of(IReadOnlyList<string> args) => args switch
    {
        ["show", ..] => [Schema, Store, Files, Details],
        ["runs"] or ["runs", ['-', ..], ..] => [Schema, Store],
        ["train" or "resume" or "learner", ..] => [Schema, Durations, Store, Services, Expressions],
        _ => [Schema],
    };

    // What is known of settings is read from attributes.
    private static void Schema() => GC.KeepAlive(ConfigurationSchema.Entries);

    private static void Store()
    {
        using var connection = new SqliteConnection("Data Source=:memory:;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT @one";
        command.Parameters.AddWithValue("@one", 1L);
        using var row = command.ExecuteReader();
        row.Read();
        SHA256.HashData([]);
    }

    private static void Files() => RunStatusFile.FromJson("{}");

    private static void Details() => DetailGrid.Write(
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(TextWriter.Null) }), ("run", "r"), ("status", "s"));

    // Akka.NET reads durations by an expression that is compiled when it is first used: 30 ms.
    private static void Durations() => ConfigurationFactory.ParseString("of = 1s").GetTimeSpan("of");

    private static void Services()
    {
        using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        services.GetRequiredService<ILoggerFactory>();
    }

    // Actors' handlers are compiled from expressions.
    private static void Expressions()
    {
        Expression<Func<object, bool>> any = it => it is string;
        any.Compile()("");
    }
}
