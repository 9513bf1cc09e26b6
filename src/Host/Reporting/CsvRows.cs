using System.Globalization;
using System.Text;

namespace Involute.Host.Reporting;

/// <summary>
/// Reads the rows of a CSV file of numbers one after the other, also of one that a learner is writing: a torn last line is
/// left out, and so is a row with another number of columns.
/// </summary>
internal static class CsvRows
{
    // No row that we write is nearly so long; a file without lines must not fill the memory.
    private const int LongestLine = 1 << 20;

    /// <summary>Reads a file; of a missing one there is nothing to read.</summary>
    /// <param name="path">The file.</param>
    /// <param name="lastBytes">Of the rows, only those in so many bytes at its end.</param>
    /// <param name="begin">Is told the column names.</param>
    /// <param name="row">Is told the values of each row, NaN where there is no number; they are overwritten by the next.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static void Read(string path, long lastBytes, Action<IReadOnlyList<string>> begin, Action<double[]> row)
    {
        if (!File.Exists(path))
        {
            return;
        }

        // A learner may hold it open for writing.
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        string[]? names = null;
        double[] values = [];
        Lines(file, line =>
        {
            if (names is null)
            {
                names = Encoding.UTF8.GetString(line).Split(',');
                values = new double[names.Length];
                begin(names);
                return false;
            }

            return true;
        });
        if (names is null)
        {
            return;
        }

        file.Seek(Math.Max(0, file.Length - lastBytes), SeekOrigin.Begin);
        var skip = true;
        Lines(file, line =>
        {
            // The first line is the header, or what is left of a row.
            if (!skip && Parse(line, values))
            {
                row(values);
            }

            skip = false;
            return true;
        });
    }

    private static bool Parse(ReadOnlySpan<byte> line, double[] values)
    {
        var count = 0;
        foreach (var range in line.Split((byte)','))
        {
            if (count == values.Length)
            {
                return false;
            }

            values[count++] =
                double.TryParse(line[range], NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                    ? number
                    : double.NaN;
        }

        return count == values.Length;
    }

    // Whole lines that are not empty, until one of them is not wanted any more.
    private static void Lines(FileStream file, LineFunction wants)
    {
        var buffer = new byte[1 << 16];
        var (start, end) = (0, 0);
        while (true)
        {
            var feed = buffer.AsSpan(start..end).IndexOf((byte)'\n');
            if (feed >= 0)
            {
                var line = buffer.AsSpan(start, feed);
                start += feed + 1;
                if (line.Length > 0 && !wants(line))
                {
                    return;
                }

                continue;
            }

            buffer.AsSpan(start..end).CopyTo(buffer);
            (start, end) = (0, end - start);
            if (end == buffer.Length)
            {
                if (end >= LongestLine)
                {
                    return;
                }

                Array.Resize(ref buffer, 2 * end);
            }

            var read = file.Read(buffer.AsSpan(end));
            if (read == 0)
            {
                return;
            }

            end += read;
        }
    }

    private delegate bool LineFunction(ReadOnlySpan<byte> line);
}
