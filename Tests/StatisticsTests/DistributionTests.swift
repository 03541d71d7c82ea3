import Statistics
import Testing

@Suite("Distributions")
struct DistributionTests {
    // By scipy 1.17.
    @Test(
        "the chi-square tail keeps its digits",
        arguments: [
            (16.7929, 1, 4.1688991586082305e-05), (3.8376, 1, 0.05011520798042246),
            (5, 3, 0.1717971442967335), (10, 4, 0.04042768199451279),
            (300, 100, 7.4121008573230175e-22), (2000, 2000, 0.4957947558197845),
            (0.001, 7, 0.9999999999997597), (800, 1, 5.395865611607819e-176),
            (0.5, 2, 0.7788007830714049),
        ])
    func chiSquare(statistic: Double, degrees: Int, expected: Double) {
        let tail = ChiSquare.upperTail(statistic, degreesOfFreedom: degrees)
        #expect(agrees(tail, expected, within: expected * 1e-9))
    }

    @Test("the chi-square tail of nonsense is nil")
    func chiSquareEdges() {
        #expect(ChiSquare.upperTail(0, degreesOfFreedom: 1) == 1)
        #expect(ChiSquare.upperTail(.infinity, degreesOfFreedom: 4) == 0)
        #expect(ChiSquare.upperTail(1e308, degreesOfFreedom: 3) == 0)
        #expect(ChiSquare.upperTail(-1, degreesOfFreedom: 1) == nil)
        #expect(ChiSquare.upperTail(.nan, degreesOfFreedom: 1) == nil)
        for degrees in [0, -1, Int.min, Int.max] {
            #expect(ChiSquare.upperTail(1, degreesOfFreedom: degrees) == nil)
        }
    }

    @Test(
        "normal quantiles",
        arguments: [
            (0.025, -1.9599639845400545), (1e-10, -6.361340902404056), (0.8, 0.8416212335729143),
            (0.9999, 3.719016485455709), (1e-300, -37.0470962993612), (0.5, 0),
        ])
    func quantile(probability: Double, expected: Double) {
        #expect(agrees(Normal.quantile(probability), expected, within: 1e-11))
    }

    @Test(
        "normal probabilities",
        arguments: [
            (-10.0, 7.61985302416047e-24), (-1, 0.15865525393145707), (0, 0.5),
            (1.5, 0.9331927987311419), (5, 0.9999997133484281),
        ])
    func cumulative(z: Double, expected: Double) {
        #expect(agrees(Normal.cumulative(z), expected, within: expected * 1e-12))
    }

    @Test("a confidence of 95 % is 1.959963984540054, and nonsense is none")
    func confidence() {
        #expect(agrees(Confidence(level: 0.95)?.z, Confidence.ninetyFive.z, within: 1e-12))
        for level in [0, 1, -0.5, 95, Double.nan, .infinity] {
            #expect(Confidence(level: level) == nil)
            #expect(Normal.quantile(level) == nil)
        }
        for z in [0, -1, Double.nan, .infinity] { #expect(Confidence(z: z) == nil) }
    }
}
