using System.Text;
using System.Text.Json;

namespace Involute.Host.Reporting.Live;

/// <summary>The text of <c>progress.json</c>, property by property.</summary>
/// <remarks>Written by hand: the serializer's look at six types took as long as the steps of a short run.</remarks>
internal static class LiveStatusJson
{
    /// <summary>As JSON, one property per line.</summary>
    public static string Write(LiveStatus status)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("time", status.Time);
            json.WriteNumber("processId", status.ProcessId);
            json.WriteNumber("outerStep", status.OuterStep);
            json.WriteNumber("outerSteps", status.OuterSteps);
            json.WriteNumber("elapsedSeconds", status.ElapsedSeconds);
            Number(json, "outerStepsPerSecond", status.OuterStepsPerSecond);
            Number(json, "innerStepsPerSecond", status.InnerStepsPerSecond);
            json.WriteNumber("checkpointStep", status.CheckpointStep);
            if (status.CheckpointTime is { } time)
            {
                json.WriteString("checkpointTime", time);
            }
            else
            {
                json.WriteNull("checkpointTime");
            }

            Array(json, "nodes", status.Nodes, Node);
            Array(json, "slowestPairs", status.SlowestPairs, Pairs);
            json.WriteNumber("restarts", status.Restarts);
            Array(json, "warnings", status.Warnings, Warning);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length) + "\n";
    }

    private static void Node(Utf8JsonWriter json, LiveNode node)
    {
        json.WriteString("node", node.Node);
        json.WriteNumber("threads", node.Threads);
        Number(json, "pairWindowsPerSecond", node.PairWindowsPerSecond);
        Number(json, "secondsPerWindow", node.SecondsPerWindow);
        Number(json, "slowness", node.Slowness);
        Number(json, "busy", node.Busy);
    }

    private static void Pairs(Utf8JsonWriter json, LivePairs pairs)
    {
        json.WriteNumber("first", pairs.First);
        json.WriteNumber("count", pairs.Count);
        json.WriteNumber("seconds", pairs.Seconds);
        json.WriteString("node", pairs.Node);
    }

    private static void Warning(Utf8JsonWriter json, LiveWarning warning)
    {
        json.WriteString("time", warning.Time);
        json.WriteString("message", warning.Message);
    }

    private static void Array<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            write(json, item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Number(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
