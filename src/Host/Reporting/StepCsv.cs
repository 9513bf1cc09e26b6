using System.Globalization;
using System.Text;

namespace Involute.Host.Reporting;

/// <summary>An append-only CSV file whose first column is the outer step, in ascending order.</summary>
/// <remarks>
/// <para>Every append is one write to the operating system, so a killed process loses at most the row it was writing. A
/// resume truncates the file once, after the last whole row of the step from which the run continues.</para>
/// <para>The file is for people, who may have changed or deleted it: what is in it decides nothing about the run. Rows that
/// are none are left out, a file of another kind is kept under another name, and one line tells of it.</para>
/// </remarks>
internal sealed class StepCsv : IDisposable
{
    private readonly WholeAppends _file;
    private readonly string _header;
    private readonly RowRule _rule;

    private StepCsv(FileStream file, string header, string? lastRow, RowRule rule)
    {
        _rule = rule;
        _file = new WholeAppends(file);
        _header = header;
        LastRow = lastRow;
    }

    /// <summary>The last row that a resume has kept, without its line end; null if there is none.</summary>
    public string? LastRow { get; }

    /// <summary>Outer step of <see cref="LastRow"/>; 0 if there is none.</summary>
    public long LastStep => LastRow is null ? 0 : StepOf(LastRow) ?? 0;

    /// <summary>
    /// Opens the file for appending and drops every row of a step after <paramref name="resumeFrom"/>.
    /// </summary>
    /// <param name="path">The file; created when missing.</param>
    /// <param name="header">Its first line, without the line end.</param>
    /// <param name="resumeFrom">Outer steps that are done; 0 for a new run.</param>
    /// <param name="rule">Which outer steps have rows.</param>
    /// <param name="warn">Is told in one line if the file is not as it was left.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static StepCsv Open(string path, string header, long resumeFrom, RowRule rule, Action<string> warn)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(warn);
        try
        {
            return resumeFrom > 0 && Path.Exists(path) && !IsEmptyFile(path)
                ? Continue(path, header, resumeFrom, rule, warn)
                : Begin(path, header, resumeFrom, rule, warn);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"cannot write {path}: {e.Message}", e);
        }
    }

    /// <summary>Whether an outer step has rows here.</summary>
    public bool Has(long step) => _rule.Has(step);

    /// <summary>Appends whole lines, below the header if they are the first.</summary>
    /// <exception cref="IOException">They cannot be written; the file is as it was before, or will be at the next
    /// call.</exception>
    public void Append(string lines) =>
        _file.Append(Encoding.UTF8.GetBytes(_file.Length == 0 ? $"{_header}\n{lines}" : lines));

    public void Dispose() => _file.Dispose();

    /// <summary>The outer step at the beginning of a row; null if there is none.</summary>
    public static long? StepOf(string row)
    {
        var comma = row.IndexOf(',', StringComparison.Ordinal);
        return comma > 0
            && long.TryParse(row.AsSpan(0, comma), NumberStyles.None, CultureInfo.InvariantCulture, out var step)
            ? step
            : null;
    }

    private static StepCsv Begin(string path, string header, long resumeFrom, RowRule rule, Action<string> warn)
    {
        if (resumeFrom > 0 && rule.IsCertain)
        {
            // Empty after a power cut: the system had made the file and not yet written to it.
            warn($"{path} is {(Path.Exists(path) ? "empty" : "not there")}: it begins anew at outer step {resumeFrom + 1}");
        }

        var csv = new StepCsv(OpenFile(path, FileMode.Create), header, null, rule);
        csv.TryBegin();
        return csv;
    }

    // A disk that is full now may have space for the header at the first row.
    private void TryBegin()
    {
        try
        {
            Append(string.Empty);
        }
        catch (IOException)
        {
            // Append has taken note of it.
            return;
        }
    }

    private static StepCsv Continue(
        string path, string header, long resumeFrom, RowRule rule, Action<string> warn)
    {
        var kept = default(StepCsvRows.Kept);
        if (!Directory.Exists(path))
        {
            // Before it is read, which takes long: a run whose file may not be written tries it again at each step.
            OpenFile(path, FileMode.Open).Dispose();
            kept = StepCsvRows.Read(path, header, resumeFrom);
        }

        if (!kept.HasHeader)
        {
            var other = Unused(path);
            Directory.Move(path, other);
            warn($"{path} is no table of this run: it is kept as {Path.GetFileName(other)}, and a new one begins at outer step "
                + $"{resumeFrom + 1}");
            return Begin(path, header, resumeFrom: 0, rule, warn);
        }

        if (kept.IsChanged)
        {
            StepCsvRows.Rewrite(path, header, resumeFrom);
            warn(kept.Others == 0
                ? $"{path} was changed: it is written anew with the line ends that it had"
                : $"{path} was changed: it is written anew without {kept.Others} lines that are no rows of the run");
        }

        var file = OpenFile(path, FileMode.Open);
        try
        {
            if (!kept.IsChanged)
            {
                file.SetLength(kept.Length);
            }

            file.Seek(0, SeekOrigin.End);
        }
        catch
        {
            file.Dispose();
            throw;
        }

        var csv = new StepCsv(file, header, kept.LastRow, rule);
        if (rule.IsCertain && csv.LastStep < rule.LastUpTo(resumeFrom))
        {
            warn($"{path} lacks the rows of outer steps {csv.LastStep + 1} to {resumeFrom}: it goes on with "
                + $"{resumeFrom + 1}");
        }

        return csv;
    }

    private static bool IsEmptyFile(string path) => new FileInfo(path) is { Exists: true, Length: 0 };

    // No buffer in this process: each Write is one system call.
    private static FileStream OpenFile(string path, FileMode mode) =>
        new(path, mode, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);

    private static string Unused(string path)
    {
        for (var number = 1; ; number++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{path}.other-{number}");
            if (!Path.Exists(name))
            {
                return name;
            }
        }
    }
}
