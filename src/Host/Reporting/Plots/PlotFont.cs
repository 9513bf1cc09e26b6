using System.IO.Compression;
using ScottPlot;
using SkiaSharp;

namespace Involute.Host.Reporting.Plots;

/// <summary>The font that comes with the program, for pictures with labels on machines without any font.</summary>
internal sealed class PlotFont : IFontResolver
{
    /// <summary>Its name.</summary>
    public const string Name = "DejaVu Sans";

    private const string Resource = "DejaVuSans.ttf.gz";

    private readonly byte[] _file = Read();

    /// <summary>Makes it the font of everything that is drawn from now on.</summary>
    public static void Install()
    {
        // Before the system's resolver: a system's other version of the font would change the pictures.
        Fonts.FontResolvers.Insert(0, new PlotFont());
        Fonts.Default = Name;
    }

    /// <inheritdoc/>
    public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) =>
        fontName == Name ? SKTypeface.FromData(SKData.CreateCopy(_file)) : null;

    /// <inheritdoc/>
    public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
        CreateTypeface(fontName, bold: false, italic: false);

    private static byte[] Read()
    {
        using var packed = typeof(PlotFont).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"the program lacks its resource {Resource}");
        using var unpacked = new MemoryStream();
        using var gzip = new GZipStream(packed, CompressionMode.Decompress);
        gzip.CopyTo(unpacked);
        return unpacked.ToArray();
    }
}
