namespace Involute.Runs.Folders;

/// <summary>The layout of a run folder: what a run consists of on disk, and what each file is called.</summary>
/// <remarks>
/// <c>config.conf</c> and <c>run.db</c> are the run; <c>ledger.json</c> says which database is the run's; <c>lock</c> is
/// held while a learner lives; the rest is for people and can be lost without harm.
/// </remarks>
public sealed class RunFolder
{
    private const string Unborn = ".new-";
    private static readonly TimeSpan Abandoned = TimeSpan.FromHours(1);

    private RunFolder(string path)
    {
        FullPath = path;
        RunId = Path.GetFileName(path);
    }

    /// <summary>Absolute path of the folder, without a separator at its end.</summary>
    public string FullPath { get; }

    /// <summary>Name of the folder, which is the run's id.</summary>
    public string RunId { get; }

    /// <summary>The effective configuration.</summary>
    public string Configuration => In("config.conf");

    /// <summary>One row per outer step; docs/metrics.md explains the columns.</summary>
    public string Metrics => In("metrics.csv");

    /// <summary>The first pairs' windows; docs/metrics.md explains the columns.</summary>
    public string Pairs => In("pairs.csv");

    /// <summary>How fast the run went, by the clock; docs/metrics.md explains the columns.</summary>
    public string Progress => In("progress.csv");

    /// <summary>What each node has computed, by the clock; docs/metrics.md explains the columns.</summary>
    public string NodeTimes => In("nodes.csv");

    /// <summary>How the learner that is at work stands, renewed every few seconds.</summary>
    public string Live => In("progress.json");

    /// <summary>Folder of the event files for TensorBoard.</summary>
    public string TensorBoard => In("tensorboard");

    /// <summary>Folder of the thetas that are kept beside the checkpoints.</summary>
    public string Thetas => In("thetas");

    /// <summary>Folder of pictures.</summary>
    public string Plots => In("plots");

    /// <summary>The newest evaluation on the settings of the training.</summary>
    public string Evaluation => In("evaluation.json");

    /// <summary>Folder of all evaluations, each under its name.</summary>
    public string Evaluations => In("evaluations");

    /// <summary>Members of the run's cluster, if it has one.</summary>
    public string Nodes => In("nodes.json");

    /// <summary>Which ledger the run has; see <see cref="LedgerMark"/>.</summary>
    public string Ledger => In("ledger.json");

    /// <summary>Where a fork comes from; see <see cref="RunOrigin"/>.</summary>
    internal string Origin => In("origin.json");

    /// <summary>How the run stands; see <see cref="RunStatusFile"/>.</summary>
    public string Status => In("status.json");

    /// <summary>What happened to the run, one JSON object in a line.</summary>
    public string Log => In("log.jsonl");

    /// <summary>Creates the folder of a new run, with its configuration in it.</summary>
    /// <param name="runsFolder">Folder of all runs; created when missing.</param>
    /// <param name="name">Name of the run.</param>
    /// <param name="configuration">Text of <c>config.conf</c>.</param>
    /// <exception cref="RunNameTakenException">There is something of this name.</exception>
    /// <exception cref="IOException">The name is not allowed, or the folder cannot be written; one line.</exception>
    public static RunFolder Create(string runsFolder, string name, string configuration) =>
        Create(runsFolder, name, configuration, origin: null);

    /// <summary>The same, of a fork.</summary>
    internal static RunFolder Create(string runsFolder, string name, string configuration, RunOrigin? origin)
    {
        RunName.Require(name);
        var path = Path.GetFullPath(Path.Combine(runsFolder, name));
        try
        {
            CreateRunsFolder(runsFolder);
            Claim(path, unborn =>
            {
                File.WriteAllText(unborn.Ledger, LedgerMark.NothingCommitted);
                if (origin is not null)
                {
                    AtomicFile.Write(unborn.Origin, origin.ToJson());
                }

                AtomicFile.Write(unborn.Configuration, configuration);
            });
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"cannot create {path}: {e.Message}", e);
        }

        return new RunFolder(path);
    }

    /// <summary>Creates the folder of a run as a copy of another one's: all its files but those of its store and its processes.</summary>
    /// <param name="other">The other run.</param>
    /// <param name="runsFolder">Folder of all runs.</param>
    /// <param name="name">Name of the run.</param>
    /// <param name="complete">Adds to the folder, before it gets its name.</param>
    /// <exception cref="RunNameTakenException">There is something of this name.</exception>
    /// <exception cref="IOException">The folder cannot be written; one line.</exception>
    internal static RunFolder CreateFrom(RunFolder other, string runsFolder, string name, Action<RunFolder> complete)
    {
        RunName.Require(name);
        var path = Path.GetFullPath(Path.Combine(runsFolder, name));
        try
        {
            Claim(path, unborn =>
            {
                FolderCopy.Copy(other.FullPath, unborn.FullPath);
                complete(unborn);
            });
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"cannot create {path}: {e.Message}", e);
        }

        return new RunFolder(path);
    }

    /// <summary>Finds an existing run: a folder name under <paramref name="runsFolder"/>, or a path.</summary>
    /// <exception cref="IOException">There is no such run; one line.</exception>
    public static RunFolder Open(string runsFolder, string run)
    {
        ArgumentException.ThrowIfNullOrEmpty(run);
        string[] places = RunName.IsValid(run) ? [Path.Combine(runsFolder, run), run] : [run];
        foreach (var place in places)
        {
            var folder = new RunFolder(Path.TrimEndingDirectorySeparator(Path.GetFullPath(place)));
            if (Presence.OfFile(folder.Configuration))
            {
                return folder;
            }
        }

        throw new IOException(
            $"there is no run '{run}': no config.conf in {string.Join(" or ", places.Select(Path.GetFullPath))}");
    }

    /// <summary>Writes the newest record of how the run stands.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void WriteStatus(RunStatusFile record)
    {
        ArgumentNullException.ThrowIfNull(record);
        AtomicFile.Write(Status, record.ToJson());
    }

    /// <summary>Writes down which ledger the run has.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void WriteLedgerMark(LedgerMark mark)
    {
        ArgumentNullException.ThrowIfNull(mark);
        AtomicFile.Write(Ledger, mark.ToJson());
    }

    /// <summary>Which ledger the run has; null in folders of versions before 0.3.</summary>
    /// <exception cref="InvalidDataException">The file tells something else.</exception>
    public LedgerMark? ReadLedgerMark() =>
        Presence.OfFile(Ledger) ? LedgerMark.FromJson(Presence.ReadText(Ledger), Ledger) : null;

    /// <summary>Where the run comes from; null if it is no fork.</summary>
    /// <exception cref="InvalidDataException">The file tells something else.</exception>
    internal RunOrigin? ReadOrigin() =>
        Presence.OfFile(Origin) ? RunOrigin.FromJson(Presence.ReadText(Origin), Origin) : null;

    /// <summary>The newest record, or null where there is none that can be read.</summary>
    public RunStatusFile? ReadStatus() =>
        Presence.OfFile(Status) ? RunStatusFile.FromJson(Presence.ReadText(Status)) : null;

    // The system's message for a path below a regular file is "Could not find a part of the path".
    private static void CreateRunsFolder(string runsFolder)
    {
        try
        {
            Directory.CreateDirectory(runsFolder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"--runs {runsFolder}: cannot create it ({e.Message}); allowed: a folder that can be written", e);
        }
    }

    // Directory.CreateDirectory is content with a folder that exists, so a rename decides who was first: the system
    // refuses to put one folder over another that is not empty, and this one never is.
    private static void Claim(string path, Action<RunFolder> fill)
    {
        var parent = Path.GetDirectoryName(path)!;
        Sweep(parent);
        var unborn = Path.Combine(parent, $"{Unborn}{Path.GetFileName(path)}-{Path.GetRandomFileName()}");
        Directory.CreateDirectory(unborn);
        try
        {
            fill(new RunFolder(unborn));
            Directory.Move(unborn, path);
        }
        catch (IOException e)
        {
            throw Path.Exists(path)
                ? new RunNameTakenException(path)
                : new IOException($"cannot create {path}: {e.Message}", e);
        }
        finally
        {
            // Only there if it was not renamed.
            if (Directory.Exists(unborn))
            {
                Directory.Delete(unborn, recursive: true);
            }
        }
    }

    // Hidden ones too. A folder that may be written but not listed is not swept.
    private static EnumerationOptions All => new() { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.None };

    // What a process has left that was killed while it made a folder, which takes milliseconds.
    private static void Sweep(string runsFolder)
    {
        foreach (var unborn in Directory.EnumerateDirectories(runsFolder, $"{Unborn}*", All))
        {
            try
            {
                if (TimeProvider.System.GetUtcNow() - Directory.GetLastWriteTimeUtc(unborn) > Abandoned)
                {
                    Directory.Delete(unborn, recursive: true);
                }
            }
            catch (Exception left) when (left is IOException or UnauthorizedAccessException)
            {
                // Another process sweeps too, or it is another user's: it is no run, and harms none.
                continue;
            }
        }
    }

    private string In(string name) => Path.Combine(FullPath, name);
}
