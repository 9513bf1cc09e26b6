using System.Globalization;

namespace Involute.Faults;

/// <summary>
/// Processor time since the machine was started, and the part that our processes have used (Linux: /proc).
/// </summary>
/// <param name="All">Time of all processors, idle or not, in ticks.</param>
/// <param name="Idle">Idle time.</param>
/// <param name="Ours">Time of the given processes.</param>
internal readonly record struct ProcessorTime(long All, long Idle, long Ours)
{
    // Columns of /proc/stat: user nice system idle iowait irq softirq steal; guest times are in user's already.
    private const int StatColumns = 8;
    private const int IdleColumn = 3;
    private const int WaitColumn = 4;

    // Columns of /proc/PID/stat behind the name, which may have spaces in it.
    private const int UserColumn = 11;
    private const int SystemColumn = 12;

    /// <summary>Reads the times as they are now.</summary>
    public static ProcessorTime Of(IEnumerable<SupervisedProcess> processes)
    {
        var ticks = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Skip(1).Take(StatColumns).Select(Ticks).ToArray();
        return new ProcessorTime(
            ticks.Sum(), ticks[IdleColumn] + ticks[WaitColumn], processes.Sum(process => Of(process.ProcessId)));
    }

    /// <summary>The part of all processors' time, 0 to 1, that other programs have used since then.</summary>
    public double OthersSince(ProcessorTime before) =>
        (All - before.All - (Idle - before.Idle) - (Ours - before.Ours)) / (double)Math.Max(1, All - before.All);

    private static long Of(int? processId)
    {
        try
        {
            var stat = processId is { } id
                ? File.ReadAllText($"/proc/{id.ToString(CultureInfo.InvariantCulture)}/stat")
                : "";
            var columns = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return columns.Length > SystemColumn ? Ticks(columns[UserColumn]) + Ticks(columns[SystemColumn]) : 0;
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return 0;
        }
    }

    private static long Ticks(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
