using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Involute.Host.Reporting;

/// <summary>
/// Reads the rows of a CSV file of numbers one after the other, also of one that a learner is writing: a torn last line is
/// left out, and so is a row with another number of columns.
/// </summary>
/// <remarks>
/// A table of a long run is read once by a process that then ends, before the runtime would compile what is slow in it a second
/// time: loops over its bytes are optimised from the start.
/// </remarks>
internal static class CsvRows
{
    /// <summary>Reads a file; of a missing one there is nothing to read.</summary>
    /// <param name="path">The file.</param>
    /// <param name="lastBytes">Of the rows, only those in so many bytes at its end.</param>
    /// <param name="begin">Is told the column names.</param>
    /// <param name="row">Is told the values of each row, NaN where there is no number; they are overwritten by the next.</param>
    /// <param name="wanted">The columns whose numbers are read, the others are NaN; null for all.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static void Read(
        string path, long lastBytes, Action<IReadOnlyList<string>> begin, Action<double[]> row,
        Func<string, bool>? wanted = null)
    {
        if (!File.Exists(path))
        {
            return;
        }

        // A learner may hold it open for writing.
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        string[]? names = null;
        double[] values = [];
        bool[] isWanted = [];
        WholeLines.Read(file, line =>
        {
            if (line.Length > 0)
            {
                names = Encoding.UTF8.GetString(line).Split(',');
                values = new double[names.Length];
                isWanted = Array.ConvertAll(names, name => wanted?.Invoke(name) ?? true);
                begin(names);
            }

            return names is null;
        });
        if (names is null)
        {
            return;
        }

        file.Seek(Math.Max(0, file.Length - lastBytes), SeekOrigin.Begin);
        var skip = true;
        WholeLines.Read(file, line =>
        {
            // The first line is the header, or what is left of a row.
            if (line.Length > 0)
            {
                if (!skip && Parse(line, values, isWanted))
                {
                    row(values);
                }

                skip = false;
            }

            return true;
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool Parse(ReadOnlySpan<byte> line, double[] values, bool[] isWanted)
    {
        for (var column = 0; column < values.Length; column++)
        {
            var comma = line.IndexOf((byte)',');
            var isLast = comma < 0;
            values[column] = isWanted[column] && double.TryParse(
                isLast ? line : line[..comma], NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                ? number
                : double.NaN;
            if (isLast)
            {
                return column == values.Length - 1;
            }

            line = line[(comma + 1)..];
        }

        return false;
    }
}
