using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Involute.Commands;

/// <summary>What a client says: a greeting first, then commands and cancellations.</summary>
internal sealed record ClientFrame
{
    public const string Hello = "hello";
    public const string Run = "run";
    public const string Cancel = "cancel";

    public string? Type { get; init; }

    public int Protocol { get; init; }

    public string? User { get; init; }

    public int Id { get; init; }

    public IReadOnlyList<string>? Words { get; init; }

    public bool Json { get; init; }

    public bool Yes { get; init; }
}

/// <summary>What a node says: a greeting with its palettes, then pieces of answers.</summary>
internal sealed record ServerFrame
{
    public const string Hello = "hello";
    public const string Refused = "refused";
    public const string Output = "output";

    public string? Type { get; init; }

    public int Protocol { get; init; }

    /// <summary>Of a refusal: whether the client's certificate is the reason.</summary>
    public bool Stranger { get; init; }

    public string? Node { get; init; }

    public string? Run { get; init; }

    public string? Program { get; init; }

    public IReadOnlyList<Palette>? Palettes { get; init; }

    public int Id { get; init; }

    public string? Text { get; init; }

    public bool Final { get; init; }

    public bool Error { get; init; }
}

/// <summary>A frame on the wire: four bytes of length, the highest first, and so many bytes of JSON.</summary>
internal static class ConsoleFrames
{
    /// <summary>What both sides speak.</summary>
    public const int Protocol = 1;

    /// <summary>Bytes of a frame of a client at most.</summary>
    public const int MostClientBytes = 1 << 16;

    /// <summary>Bytes of a frame of a node at most.</summary>
    public const int MostServerBytes = 1 << 20;

    private const int LengthBytes = 4;

    public static byte[] Bytes(ClientFrame frame) =>
        Framed(JsonSerializer.SerializeToUtf8Bytes(frame, ConsoleJson.Default.ClientFrame));

    public static byte[] Bytes(ServerFrame frame) =>
        Framed(JsonSerializer.SerializeToUtf8Bytes(frame, ConsoleJson.Default.ServerFrame));

    /// <summary>What a client is told whose certificate is not let in.</summary>
    public static byte[] Stranger(string reason) => Bytes(new ServerFrame
    {
        Type = ServerFrame.Refused,
        Protocol = Protocol,
        Text = reason,
        Stranger = true,
    });

    /// <summary>Reads a frame of a client; null at the end of the stream.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    /// <exception cref="IOException">The connection is lost.</exception>
    public static async Task<ClientFrame?> ReadClientAsync(Stream stream, CancellationToken cancellation) =>
        await ReadAsync(stream, MostClientBytes, cancellation).ConfigureAwait(false) is { } json
            ? Parsed(() => JsonSerializer.Deserialize(json, ConsoleJson.Default.ClientFrame))
            : null;

    /// <summary>Reads a frame of a node; null at the end of the stream.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    /// <exception cref="IOException">The connection is lost.</exception>
    public static async Task<ServerFrame?> ReadServerAsync(Stream stream, CancellationToken cancellation) =>
        await ReadAsync(stream, MostServerBytes, cancellation).ConfigureAwait(false) is { } json
            ? Parsed(() => JsonSerializer.Deserialize(json, ConsoleJson.Default.ServerFrame))
            : null;

    private static T Parsed<T>(Func<T?> read)
        where T : class
    {
        try
        {
            return read() ?? throw new InvalidDataException("a frame of the console is empty");
        }
        catch (JsonException wrong)
        {
            throw new InvalidDataException($"a frame of the console is no JSON of ours: {wrong.Message}", wrong);
        }
    }

    private static byte[] Framed(byte[] json)
    {
        var frame = new byte[LengthBytes + json.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, json.Length);
        json.CopyTo(frame, LengthBytes);
        return frame;
    }

    // A length is looked at before anything is allocated for it.
    private static async Task<byte[]?> ReadAsync(Stream stream, int most, CancellationToken cancellation)
    {
        var head = new byte[LengthBytes];
        var read = await stream.ReadAtLeastAsync(head, LengthBytes, throwOnEndOfStream: false, cancellation)
            .ConfigureAwait(false);
        if (read == 0)
        {
            return null;
        }

        if (read < LengthBytes)
        {
            throw new InvalidDataException("the connection ends within a frame");
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(head);
        if (length < 2 || length > most)
        {
            throw new InvalidDataException($"a frame of {length} bytes; 2 to {most} are allowed: not the console's protocol");
        }

        var json = new byte[length];
        try
        {
            await stream.ReadExactlyAsync(json, cancellation).ConfigureAwait(false);
        }
        catch (EndOfStreamException cut)
        {
            throw new InvalidDataException("the connection ends within a frame", cut);
        }

        return json;
    }
}

/// <summary>The JSON of the frames, generated: a program that embeds a run may have no reflection for it.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(ClientFrame))]
[JsonSerializable(typeof(ServerFrame))]
internal sealed partial class ConsoleJson : JsonSerializerContext;
