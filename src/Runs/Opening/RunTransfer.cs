using System.Data;
using System.Data.Common;
using Involute.Runs.Claims;
using Involute.Runs.Configuration;
using Involute.Runs.Folders;
using Involute.Runs.Ledger;
using Involute.Runs.Stores;
using Involute.Runs.Stores.Sqlite;
using Microsoft.Data.Sqlite;

namespace Involute.Runs.Opening;

/// <summary>Gives a run another name, copies it, or moves it into another store. It is claimed meanwhile.</summary>
/// <remarks>
/// What is new is written as a whole, read back and checked; then one rename of a folder or of a file makes it count; only
/// then is the old removed. An interruption leaves the old, or the new, or both.
/// </remarks>
internal static class RunTransfer
{
    private const string Unfinished = ".moving";

    /// <summary>Copies a run, or renames it: then the old is removed when the new is there.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="name">The name of the new one, whose folder is beside it.</param>
    /// <param name="removes">Whether the old one is removed.</param>
    /// <param name="time">For pauses while the run is claimed.</param>
    /// <param name="cancellation">Gives up before anything is claimed.</param>
    /// <returns>The folder of the new run.</returns>
    /// <exception cref="RunClaimedException">A learner trains it.</exception>
    /// <exception cref="RunRefusedException">It cannot have that name.</exception>
    /// <exception cref="InvalidDataException">Anything in its store is not as it should be.</exception>
    /// <exception cref="IOException">It cannot be read, or the new one not be written.</exception>
    public static async Task<RunFolder> CopyAsync(
        RunFolder folder, string name, bool removes, TimeProvider time, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(folder);
        RunName.Require(name);
        var configuration = ConfigurationLoader.LoadRun(folder.FullPath, []);
        using var held = await FolderClaim.ClaimAsync(folder.FullPath, time, cancellation).ConfigureAwait(false);
        var from = Source(folder, configuration);
        await using var claim = (await from.ClaimAsync(time, cancellation).ConfigureAwait(false)).ConfigureAwait(false);
        var inPlace = name == folder.RunId;
        if (inPlace && from.RunId.Value == name)
        {
            throw new RunRefusedException($"run {name} has that name already; allowed: another one");
        }

        if (inPlace)
        {
            WriteInto(folder, configuration, from);
            return folder;
        }

        var beside = Path.GetDirectoryName(folder.FullPath)!;
        Readiness.NewName(configuration, beside, name);
        var copy = await CreateAsync(folder, configuration, from, beside, name, time, cancellation).ConfigureAwait(false);
        if (removes)
        {
            RunRemoval.Remove(folder, configuration.Store.IsShared ? from : null);
        }

        return copy;
    }

    /// <summary>Moves what a store has of a run into another store.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="store">The other store.</param>
    /// <param name="time">For pauses while the run is claimed.</param>
    /// <param name="cancellation">Gives up before anything is claimed.</param>
    /// <exception cref="RunClaimedException">A learner trains it.</exception>
    /// <exception cref="RunRefusedException">It is there already, or another run of that name is.</exception>
    /// <exception cref="InvalidDataException">Anything in its store is not as it should be.</exception>
    /// <exception cref="IOException">One of the stores cannot be used.</exception>
    public static async Task MoveAsync(
        RunFolder folder, StoreOptions store, TimeProvider time, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(store);
        var configuration = ConfigurationLoader.LoadRun(folder.FullPath, []);
        var moved = configuration with { Store = store };
        var (from, to) = (StoreFactory.Create(folder, configuration), StoreFactory.Create(folder, moved));
        if (from.Place == to.Place)
        {
            throw new RunRefusedException($"run {folder.RunId} is in that store already: {from.Place}");
        }

        using var held = await FolderClaim.ClaimAsync(folder.FullPath, time, cancellation).ConfigureAwait(false);
        await using var claim = (await from.ClaimAsync(time, cancellation).ConfigureAwait(false)).ConfigureAwait(false);
        RunReader.Require(RunReader.Read(folder, configuration, from));
        if (store.IsShared)
        {
            await using var there = (await to.ClaimAsync(time, cancellation).ConfigureAwait(false)).ConfigureAwait(false);
            RequireFree(from, to);
            Write(from, to);
            Require(folder, moved, to);
            AtomicFile.Write(folder.Configuration, moved.ToHocon());
        }
        else
        {
            WriteInto(folder, moved, from);
            AtomicFile.Write(folder.Configuration, moved.ToHocon());
        }

        if (configuration.Store.IsShared)
        {
            from.DeleteRun();
        }
        else
        {
            DeleteDatabase(folder.FullPath);
        }
    }

    // A folder that was renamed by hand holds one run under the name that it had.
    private static IRunStore Source(RunFolder folder, RunConfiguration configuration)
    {
        var own = StoreFactory.Create(folder, configuration);
        if (configuration.Store.IsShared)
        {
            return own;
        }

        var runs = own.ReadRecords(records => records.PersistenceIds.Select(LedgerId.RunOf).OfType<string>().ToList());
        return runs is [var only] && only != folder.RunId
            ? configuration.Store.Create(folder.FullPath, new RunId(only))
            : own;
    }

    private static async Task<RunFolder> CreateAsync(
        RunFolder folder, RunConfiguration configuration, IRunStore from, string beside, string name, TimeProvider time,
        CancellationToken cancellation)
    {
        if (!configuration.Store.IsShared)
        {
            return RunFolder.CreateFrom(folder, beside, name, unborn =>
            {
                var to = configuration.Store.Create(unborn.FullPath, new RunId(name));
                to.Prepare();
                Write(from, to);
                Require(unborn, configuration, to);
                SqliteConnection.ClearAllPools();
            });
        }

        var there = configuration.Store.Create("", new RunId(name));
        await using var claim = (await there.ClaimAsync(time, cancellation).ConfigureAwait(false)).ConfigureAwait(false);
        RequireFree(from, there);
        try
        {
            Write(from, there);
            Require(folder, configuration, there);
            return RunFolder.CreateFrom(folder, beside, name, _ => { });
        }
        catch
        {
            there.DeleteRun();
            throw;
        }
    }

    // Beside the database that is there, then over it: without its log, which would be taken for that of the new one.
    private static void WriteInto(RunFolder folder, RunConfiguration configuration, IRunStore from)
    {
        var unfinished = Path.Combine(folder.FullPath, Unfinished);
        if (Directory.Exists(unfinished))
        {
            Directory.Delete(unfinished, recursive: true);
        }

        Directory.CreateDirectory(unfinished);
        try
        {
            var to = configuration.Store.Create(unfinished, new RunId(folder.RunId));
            to.Prepare();
            Write(from, to);
            Require(folder, configuration, to);
            if (from.Place == RunDatabase.PathIn(folder.FullPath))
            {
                RunDatabase.EmptyLog(folder.FullPath);
            }

            SqliteConnection.ClearAllPools();
            DeleteLog(folder.FullPath);
            File.Move(RunDatabase.PathIn(unfinished), RunDatabase.PathIn(folder.FullPath), overwrite: true);
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(unfinished, recursive: true);
        }
    }

    private static void RequireFree(IRunStore from, IRunStore to)
    {
        if (to.LastEvent() is var last && last == 0)
        {
            to.ForgetFormerRun();
        }
        else if (from.RunId == to.RunId && to.FirstWriter() == from.FirstWriter() && last <= from.LastEvent())
        {
            // What a move has left that was interrupted.
            to.DeleteRun();
        }
        else
        {
            throw new RunRefusedException($"{to.Place} has begun already: choose another name, or delete it by 'involute runs rm'");
        }
    }

    private static void Write(IRunStore from, IRunStore to)
    {
        var ledger = new RenamedLedger(from.RunId, to.RunId);
        var anchors = from.ReadRecords(records => RenamedLedger.Anchors(records, from.RunId));
        try
        {
            using var source = from.Connection.Open();
            using var target = to.Connection.Open();
            using var moment = source.BeginTransaction(
                source is SqliteConnection ? IsolationLevel.Serializable : IsolationLevel.RepeatableRead);
            var (rows, written) = (new RunRows(source, from.RunId), new RunRows(target, to.RunId));
            using var transaction = target.BeginTransaction();
            foreach (var checkpoint in ledger.Checkpoints(rows.Checkpoints()))
            {
                written.Write(checkpoint);
            }

            written.WriteParts(source, from.RunId);
            written.Write(ledger.Events(rows.Events(), anchors));
            transaction.Commit();
        }
        catch (DbException cause)
        {
            throw StoreFault.Translate(cause, $"{from.Place}, to {to.Place}");
        }
    }

    // The old is removed only for something that can be gone on with.
    private static void Require(RunFolder folder, RunConfiguration configuration, IRunStore store) =>
        RunReader.Require(RunReader.Read(folder, configuration, store));

    private static void DeleteDatabase(string folder)
    {
        SqliteConnection.ClearAllPools();
        DeleteLog(folder);
        File.Delete(RunDatabase.PathIn(folder));
    }

    private static void DeleteLog(string folder)
    {
        foreach (var end in new[] { "-wal", "-shm" })
        {
            File.Delete(RunDatabase.PathIn(folder) + end);
        }
    }
}
