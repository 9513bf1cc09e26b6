using System.Globalization;
using System.Text.Json;
using Involute.Tasks.Unrolls;

namespace Involute.Processes.Frames;

/// <summary>Reads a child's greeting. What is wrong with it is a <see cref="FormatException"/> with a short message.</summary>
internal static class GreetingReader
{
    private const int LongestName = 200;
    private const int LongestAbout = 500;

    // A vector of float32 with more would not fit into an array of bytes.
    private const int MostNumbers = 1 << 28;

    /// <summary>Reads it.</summary>
    /// <param name="json">UTF-8.</param>
    public static ChildGreeting Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Read(document.RootElement);
        }
        catch (JsonException wrong)
        {
            throw new FormatException($"is no JSON (line {(wrong.LineNumber ?? 0) + 1}, byte {(wrong.BytePositionInLine ?? 0) + 1})");
        }
        catch (InvalidOperationException)
        {
            throw new FormatException("has a name that is no text");
        }
    }

    private static ChildGreeting Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("is no JSON object");
        }

        var (tensors, initial) = Theta(root);
        return new ChildGreeting(tensors, initial)
        {
            Name = Text(root, "name", LongestName, otherwise: null),
            StateBytes = Whole(root, "stateBytes", 0, ChildGreeting.MostStateBytes, otherwise: null),
            StateVaries = Flag(root, "stateVaries"),
            Ceiling = Ceiling(root),
            Lanes = Whole(root, "lanes", 1, int.MaxValue, otherwise: int.MaxValue),
            Evaluates = Flag(root, "evaluates"),
            About = Text(root, "about", LongestAbout, otherwise: ""),
        };
    }

    private static (ThetaTensor[] Tensors, float[] Initial) Theta(JsonElement root)
    {
        if (!root.TryGetProperty("theta", out var theta) || theta.ValueKind != JsonValueKind.Array
            || theta.GetArrayLength() == 0)
        {
            throw new FormatException("has no theta; allowed: a list of at least one tensor");
        }

        var tensors = new List<ThetaTensor>();
        var initial = new List<float>();
        foreach (var entry in theta.EnumerateArray())
        {
            var tensor = Tensor(entry, $"theta[{tensors.Count}]");
            if (tensors.Exists(other => other.Name == tensor.Name))
            {
                throw new FormatException($"has two tensors of theta with the name '{tensor.Name}'");
            }

            AddInitial(entry, tensor, initial);
            tensors.Add(tensor);
        }

        return ([.. tensors], [.. initial]);
    }

    private static ThetaTensor Tensor(JsonElement entry, string where)
    {
        if (entry.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException($"has a {where} that is no JSON object");
        }

        var name = Text(entry, "name", LongestName, otherwise: null, where);
        var shape = new List<int>();
        if (!entry.TryGetProperty("shape", out var sizes) || sizes.ValueKind != JsonValueKind.Array)
        {
            throw new FormatException($"has no shape for '{name}'; allowed: a list of sizes, [] for a single number");
        }

        foreach (var size in sizes.EnumerateArray())
        {
            shape.Add(size.ValueKind == JsonValueKind.Number && size.TryGetInt32(out var whole) && whole >= 1
                ? whole
                : throw new FormatException(
                    $"has the size {OneLine.Of(size.GetRawText(), 20)} in the shape of '{name}'; allowed: whole numbers of at least 1"));
        }

        return new ThetaTensor(name, [.. shape], Text(entry, "unit", LongestName, otherwise: "", where));
    }

    private static void AddInitial(JsonElement entry, ThetaTensor tensor, List<float> initial)
    {
        var length = tensor.Shape.Aggregate(1L, (product, size) => Math.Min(product * size, MostNumbers + 1L));
        if (initial.Count + length > MostNumbers)
        {
            throw new FormatException($"has more than {MostNumbers} numbers in theta");
        }

        var value = entry.TryGetProperty("initial", out var given) ? given : default;
        switch (value.ValueKind)
        {
            case JsonValueKind.Number:
                initial.AddRange(Enumerable.Repeat(Number(value, tensor), (int)length));
                break;
            case JsonValueKind.Array when value.GetArrayLength() == length:
                initial.AddRange(value.EnumerateArray().Select(number => Number(number, tensor)));
                break;
            case JsonValueKind.Array:
                throw new FormatException(
                    $"has {value.GetArrayLength()} initial numbers for '{tensor.Name}', whose shape has {length}");
            default:
                throw new FormatException(
                    $"has no initial value for '{tensor.Name}'; allowed: a number, or a flat list of {length}");
        }
    }

    private static float Number(JsonElement value, ThetaTensor tensor) =>
        value.ValueKind == JsonValueKind.Number && float.IsFinite((float)value.GetDouble())
            ? (float)value.GetDouble()
            : throw new FormatException(
                $"has the initial value {OneLine.Of(value.GetRawText(), 20)} for '{tensor.Name}'; allowed: finite numbers of float32");

    private static double Ceiling(JsonElement root)
    {
        if (!root.TryGetProperty("ceiling", out var value))
        {
            return Losses.UnboundedCeiling;
        }

        return value.ValueKind == JsonValueKind.Number && value.GetDouble() is var ceiling && double.IsFinite(ceiling) && ceiling > 0
            ? ceiling
            : throw new FormatException($"has the ceiling {OneLine.Of(value.GetRawText(), 20)}; allowed: a finite number above 0");
    }

    private static int Whole(JsonElement root, string key, int least, int most, int? otherwise)
    {
        if (!root.TryGetProperty(key, out var value))
        {
            return otherwise ?? throw new FormatException($"has no {key}");
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var whole) && whole >= least && whole <= most
            ? (int)whole
            : throw new FormatException(string.Create(
                CultureInfo.InvariantCulture,
                $"has {key} = {OneLine.Of(value.GetRawText(), 20)}; allowed: a whole number from {least} to {most}"));
    }

    private static bool Flag(JsonElement root, string key)
    {
        if (!root.TryGetProperty(key, out var value))
        {
            return false;
        }

        return value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean()
            : throw new FormatException($"has {key} = {OneLine.Of(value.GetRawText(), 20)}; allowed: true, false");
    }

    private static string Text(JsonElement root, string key, int longest, string? otherwise, string where = "")
    {
        var place = where.Length > 0 ? $" in {where}" : "";
        if (!root.TryGetProperty(key, out var value))
        {
            return otherwise ?? throw new FormatException($"has no {key}{place}");
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            throw new FormatException($"has a {key}{place} that is no text");
        }

        var text = Decoded(value, key, place);
        return otherwise is null && text.Length == 0 ? throw new FormatException($"has an empty {key}{place}")
            : text.Length > longest ? throw new FormatException($"has a {key}{place} of more than {longest} characters")
            : OneLine.Steers(text) ? throw new FormatException($"has a {key}{place} with control characters")
            : text;
    }

    // A text may hold half of a surrogate pair, which is no character.
    private static string Decoded(JsonElement value, string key, string place)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new FormatException($"has a {key}{place} that is no text");
        }
    }
}
