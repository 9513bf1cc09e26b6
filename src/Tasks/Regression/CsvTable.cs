using System.Globalization;
using System.Text;
using Involute.Tasks.Images;

namespace Involute.Tasks.Regression;

/// <summary>Reads comma-separated numbers, UTF-8, with a point as decimal sign.</summary>
/// <remarks>
/// The first line is names, and is left out, exactly if no cell of it is a number. A cell may stand in double quotes;
/// blank lines are left out. Lines and columns are counted from 1.
/// </remarks>
internal static class CsvTable
{
    private const int ShownLength = 40;

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="DataFormatException">A cell is no finite number, rows differ in length, or there is no
    /// row.</exception>
    public static NumberTable Read(string path, Stream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8, leaveOpen: true);
        var values = new List<double>();
        var (columns, firstLine) = (0, 0);
        for (var line = 1; reader.ReadLine() is { } text; line++)
        {
            if (string.IsNullOrWhiteSpace(text))
            {
                continue;
            }

            if (columns == 0)
            {
                (columns, firstLine) = (CheckedColumns(path, line, text), line);
                if (IsNames(text))
                {
                    continue;
                }
            }

            ReadRow(path, line, text, (columns, firstLine), values);
        }

        return values.Count > 0
            ? new NumberTable(columns, [.. values])
            : throw new DataFormatException(
                path, "no row of numbers", "rows of numbers, their cells separated by commas");
    }

    private static int CheckedColumns(string path, int line, string text)
    {
        var columns = 0;
        foreach (var _ in new Cells(text))
        {
            columns++;
        }

        return columns <= NumberTable.MostColumns
            ? columns
            : throw new DataFormatException(
                $"{path}:{line}", $"{columns} columns", $"at most {NumberTable.MostColumns}");
    }

    private static bool IsNames(string text)
    {
        foreach (var cell in new Cells(text))
        {
            if (TryParse(cell, out _))
            {
                return false;
            }
        }

        return true;
    }

    private static void ReadRow(
        string path, int line, string text, (int Columns, int FirstLine) first, List<double> values)
    {
        var column = 0;
        foreach (var cell in new Cells(text))
        {
            column++;
            if (!TryParse(cell, out var value))
            {
                throw new DataFormatException(
                    $"{path}:{line}", $"column {column}: '{Shown(cell)}' is not a number", NumberTable.AllowedNumber);
            }

            if (NumberTable.ProblemOf(value) is { } problem)
            {
                throw new DataFormatException(
                    $"{path}:{line}", $"column {column}: '{Shown(cell)}' is {problem}", NumberTable.AllowedNumber);
            }

            values.Add(value);
        }

        if (column != first.Columns)
        {
            throw new DataFormatException(
                $"{path}:{line}", $"a row of {column} cells", $"{first.Columns}, as in line {first.FirstLine}");
        }
    }

    private static bool TryParse(ReadOnlySpan<char> cell, out double value)
    {
        if (double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out value))
        {
            return true;
        }

        // What C and Python write for infinity; the runtime reads the whole word only.
        value = double.PositiveInfinity;
        return cell.Trim().TrimStart("+-").Equals("inf", StringComparison.OrdinalIgnoreCase);
    }

    private static string Shown(ReadOnlySpan<char> cell)
    {
        var shown = new StringBuilder();
        foreach (var letter in cell[..Math.Min(cell.Length, ShownLength)])
        {
            shown.Append(char.IsControl(letter) || char.IsSurrogate(letter) ? '?' : letter);
        }

        return cell.Length > ShownLength ? $"{shown}…" : shown.ToString();
    }

    /// <summary>The cells of a line, without quotes around them; a comma in quotes separates nothing.</summary>
    private ref struct Cells(ReadOnlySpan<char> line)
    {
        private ReadOnlySpan<char> _rest = line;
        private bool _ended;

        public ReadOnlySpan<char> Current { get; private set; }

        public readonly Cells GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_ended)
            {
                return false;
            }

            var end = 0;
            for (var quoted = false; end < _rest.Length && (quoted || _rest[end] != ','); end++)
            {
                quoted ^= _rest[end] == '"';
            }

            var cell = _rest[..end].Trim();
            Current = cell.Length >= 2 && cell[0] == '"' && cell[^1] == '"' ? cell[1..^1] : cell;
            _ended = end == _rest.Length;
            _rest = _ended ? [] : _rest[(end + 1)..];
            return true;
        }
    }
}
